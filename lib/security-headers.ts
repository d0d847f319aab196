import type { Env } from "@/lib/env";

/**
 * What a browser may do with our answers. (V18)
 *
 * A page's inline scripts carry a nonce made for that one answer: Next streams the page's data in inline scripts
 * whose text differs every time, so hashes cannot name them. Stripe's origins are allowed only on the pages that use
 * them. A page served without proxy.ts falls back to `FALLBACK_HEADERS`, under which no inline script runs at all.
 * docs/decisions/0004-content-security-policy.md
 */
export type SecurityContext = {
  isDev: boolean;
  /** Null while the configuration is incomplete: nothing but our own origin is allowed then. */
  env: Pick<Env, "local" | "stripe" | "oauth"> | null;
};

export type PaymentPage = {
  /** This page and everything below it. */
  path: string;
  /** Loads Stripe.js. Then the page is entered and left by a full load only; see `needsFullLoad`. */
  embedsStripeJs: boolean;
};

/**
 * The pages with a form that leads to Stripe's checkout or portal, or with Stripe's own fields in them. Of two that
 * fit the first counts.
 */
export const PAYMENT_PAGES: readonly PaymentPage[] = [
  { path: "/pricing", embedsStripeJs: false },
  { path: "/subscribe", embedsStripeJs: false },
  { path: "/account/payment-method", embedsStripeJs: true },
  { path: "/account", embedsStripeJs: false },
];

/** The pages with a form that leads to GitHub's or Google's sign-in. */
const SIGN_IN_PAGE = "/sign-in";

/** In every answer, whatever it holds; next.config.ts writes them into the build. */
export const STATIC_HEADERS = {
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "referrer-policy": "strict-origin-when-cross-origin",
  "cross-origin-opener-policy": "same-origin",
};

const NO_DEVICES = ["camera=()", "geolocation=()", "microphone=()", "usb=()"];

/** What stands where nothing else was decided: no page of ours works with less, and no inline script with it. */
export const FALLBACK_HEADERS = {
  ...STATIC_HEADERS,
  "permissions-policy": [...NO_DEVICES, "payment=()"].join(", "),
  "content-security-policy": joinDirectives({
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
    "frame-ancestors": ["'none'"],
  }),
};

/** The headers of a page, as proxy.ts sets them. */
export function pageHeaders(
  context: SecurityContext,
  { path, nonce }: { path: string; nonce: string },
  pages = PAYMENT_PAGES,
): Record<string, string> {
  const payment = findPage(path, pages)?.embedsStripeJs
    ? `payment=(self "${stripeOrigins(context).script[0] ?? "https://js.stripe.com"}")`
    : "payment=()";
  return {
    ...STATIC_HEADERS,
    ...transportSecurity(context),
    "permissions-policy": [...NO_DEVICES, payment].join(", "),
    "content-security-policy": contentSecurityPolicy(context, { path, nonce }, pages),
  };
}

/** The headers of an answer that is data: opened as a page it may do nothing. */
export function apiHeaders(context: SecurityContext): Record<string, string> {
  return {
    ...STATIC_HEADERS,
    ...transportSecurity(context),
    "permissions-policy": FALLBACK_HEADERS["permissions-policy"],
    "content-security-policy":
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  };
}

/** The policy of one page's answer. `nonce` is that answer's own. */
export function contentSecurityPolicy(
  context: SecurityContext,
  { path, nonce }: { path: string; nonce: string },
  pages = PAYMENT_PAGES,
): string {
  const { isDev } = context;
  const page = findPage(path, pages);
  const stripe = stripeOrigins(context);
  const embedded = page?.embedsStripeJs ? stripe : null;
  return joinDirectives({
    "default-src": ["'none'"],
    // React explains errors through eval, in development alone.
    "script-src": [
      "'self'",
      `'nonce-${nonce}'`,
      ...(isDev ? ["'unsafe-eval'"] : []),
      ...(embedded?.script ?? []),
    ],
    // Next's development server brings its styles inline.
    "style-src": isDev ? ["'self'", "'unsafe-inline'"] : ["'self'", `'nonce-${nonce}'`],
    // Widths and positions that the server computes stand in the element; they load nothing and run nothing.
    ...(isDev ? {} : { "style-src-attr": ["'unsafe-inline'"] }),
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    // 'self' covers the development server's web socket in every browser of today.
    "connect-src": ["'self'", ...(embedded?.connect ?? [])],
    "frame-src": embedded ? embedded.frame : ["'none'"],
    "manifest-src": ["'self'"],
    "worker-src": ["'self'"],
    // Without JavaScript the form itself is led on, and Chrome asks here where to.
    "form-action": ["'self'", ...(page ? stripe.form : []), ...signInOrigins(context, path)],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
    "frame-ancestors": ["'none'"],
  });
}

/**
 * Whether a move between two of our pages must load the document anew. A policy belongs to the document, so a move
 * within it would bring a page that embeds Stripe.js under a policy that refuses it, and would leave Stripe's origins
 * allowed where they are not used.
 */
export function needsFullLoad(fromPath: string, toPath: string, pages = PAYMENT_PAGES): boolean {
  const embeds = (path: string) => findPage(path, pages)?.embedsStripeJs ?? false;
  return embeds(fromPath) !== embeds(toPath);
}

/**
 * Outside local mode alone: a browser that has seen it once refuses http to the whole host. Not for subdomains,
 * which may be somebody else's.
 */
function transportSecurity({ env }: SecurityContext): Record<string, string> {
  return env && !env.local ? { "strict-transport-security": "max-age=63072000" } : {};
}

/** https://docs.stripe.com/security/guide#content-security-policy */
function stripeOrigins({ env }: SecurityContext) {
  if (!env) return { script: [], frame: [], connect: [], form: [] };
  if (env.stripe.localUrl) {
    const local = [new URL(env.stripe.localUrl).origin];
    return { script: local, frame: local, connect: local, form: local };
  }
  const scripts = ["https://js.stripe.com", "https://*.js.stripe.com"];
  return {
    script: scripts,
    frame: [...scripts, "https://hooks.stripe.com"],
    connect: ["https://api.stripe.com"],
    form: ["https://checkout.stripe.com", "https://billing.stripe.com"],
  };
}

function signInOrigins({ env }: SecurityContext, path: string): string[] {
  if (!isBelow(path, SIGN_IN_PAGE)) return [];
  return [
    ...(env?.oauth.github ? ["https://github.com"] : []),
    ...(env?.oauth.google ? ["https://accounts.google.com"] : []),
  ];
}

function findPage(path: string, pages: readonly PaymentPage[]): PaymentPage | undefined {
  return pages.find((page) => isBelow(path, page.path));
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function joinDirectives(directives: Record<string, string[]>): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(" ")}`)
    .join("; ");
}
