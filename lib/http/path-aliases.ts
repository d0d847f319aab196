/**
 * The paths under which endpoints are reached beside their own, and what those are: clients written against another
 * layout of this API go on working. An alias has the whole contract of its endpoint, with and without a trailing slash,
 * and is answered directly, because a redirect loses the body of a POST and counts as a failed delivery at Stripe.
 * Nothing is decided here: who may call stands on the endpoint's own export line. (K-17)
 */
export const PATH_ALIASES: Readonly<Record<string, string>> = {
  // S0-32, S1-60, S3-18 to S3-20; S2-29 is the endpoint itself.
  "/api/v1/subscriptions/plans": "/api/v1/billing/plans",
  "/api/v1/billing/tiers": "/api/v1/billing/plans",
  "/api/subscriptions/plans": "/api/v1/billing/plans",
  "/api/subscriptions/plans/{slug}": "/api/v1/billing/plans/{slug}",
  // S0-39, S3-23; S2-32 is the endpoint itself.
  "/api/v1/subscriptions/usage": "/api/v1/billing/usage",
  "/api/subscriptions/subscriptions/usage": "/api/v1/billing/usage",
  // S3-24
  "/api/subscriptions/subscriptions/check_limits": "/api/v1/billing/usage/check",
  // S1-73, S1-75
  "/api/v1/billing/tokens/balance": "/api/v1/billing/credits",
  "/api/v1/billing/tokens/history": "/api/v1/billing/credits/history",
  // S0-45, S1-53, S3-26
  "/api/v1/payments/stripe/subscription-webhook": "/api/v1/webhooks/stripe",
  "/api/v1/billing/webhooks/stripe": "/api/v1/webhooks/stripe",
  "/api/subscriptions/webhook/stripe": "/api/v1/webhooks/stripe",
};

/** The table as next.config.ts wants it. Next matches a trailing slash by its own pattern only. */
export function aliasRewrites(): { source: string; destination: string }[] {
  return Object.entries(PATH_ALIASES).flatMap(([alias, path]) =>
    ["", "/"].map((slash) => ({ source: toNextPattern(alias) + slash, destination: toNextPattern(path) })),
  );
}

/** The endpoint's own path, by whichever of its names it was called. */
export function canonicalPath(pathname: string): string {
  const path = pathname.replace(/(?<=.)\/$/, "");
  for (const { pattern, target } of MATCHERS) {
    const values = pattern.exec(path)?.groups;
    if (values || pattern.test(path)) return target.replace(/\{(\w+)\}/g, (_, name) => values?.[name] ?? "");
  }
  return path;
}

const MATCHERS = Object.entries(PATH_ALIASES).map(([alias, target]) => ({
  pattern: new RegExp(`^${alias.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
  target,
}));

function toNextPattern(path: string): string {
  return path.replace(/\{(\w+)\}/g, ":$1");
}
