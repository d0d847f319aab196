import { AppError } from "@/lib/app-error";
import type { Env } from "@/lib/env";
import type { RateLimiter } from "@/lib/redis/rate-limiter";
import type { SharedDecision } from "@/lib/redis/shared-counter";

const WINDOW_SECONDS = 60;

type RequestCounter = {
  env: Pick<Env, "apiRequestsPerMinute">;
  rateLimiter: Pick<RateLimiter, "count">;
};

/**
 * Counts a request of `key` against the API's limit. Counted in this process, so nothing is waited for.
 * @throws AppError `rate_limited` with the seconds to wait.
 */
export function countRequest(ctx: RequestCounter, key: string): Record<string, string> {
  const rule = { name: "api", limit: ctx.env.apiRequestsPerMinute, windowSeconds: WINDOW_SECONDS };
  const decision = ctx.rateLimiter.count(rule, key);
  const headers = rateLimitHeaders(decision);
  if (decision.allowed) return headers;
  throw new AppError(
    "rate_limited",
    `More than ${rule.limit} requests in a minute. Please wait ${decision.resetSeconds} seconds.`,
    { retryAfterSeconds: decision.resetSeconds, headers },
  );
}

/** As the IETF's draft writes them. https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ */
function rateLimitHeaders({ limit, remaining, resetSeconds }: SharedDecision): Record<string, string> {
  return {
    "ratelimit-policy": `"default";q=${limit};w=${WINDOW_SECONDS}`,
    ratelimit: `"default";r=${remaining};t=${resetSeconds}`,
  };
}

/**
 * Where a request came from: the hop that the outermost of our own proxies saw. What stands left of it the caller wrote
 * themselves. Good enough to slow somebody down, never to trust.
 */
export function visitorOf(
  { trustedProxies }: Pick<Env, "trustedProxies">,
  headers: Pick<Headers, "get">,
): string {
  const hops = (headers.get("x-forwarded-for") ?? "").split(",").map((hop) => hop.trim());
  return hops[Math.max(0, hops.length - trustedProxies)] || "unknown";
}
