import { describe, expect, test } from "vitest";
import { readEnv } from "./env";
import {
  apiHeaders,
  contentSecurityPolicy,
  FALLBACK_HEADERS,
  needsFullLoad,
  PAYMENT_PAGES,
  type PaymentPage,
  pageHeaders,
  type SecurityContext,
} from "./security-headers";

const HOSTED_VARIABLES = {
  APP_URL: "https://billing.example.com",
  DATABASE_URL: "postgresql://u:secret@db.example.com/tollkeeper",
  STRIPE_SECRET_KEY: "sk_test_real",
  STRIPE_PUBLISHABLE_KEY: "pk_test_real",
  STRIPE_WEBHOOK_SECRET: "whsec_real",
  RESEND_API_KEY: "re_real",
  MAIL_FROM: "billing@example.com",
  NEXTAUTH_SECRET: "x".repeat(32),
  CRON_SECRET: "cron",
};
const OAUTH = {
  GITHUB_CLIENT_ID: "gh",
  GITHUB_CLIENT_SECRET: "gh-secret",
  GOOGLE_CLIENT_ID: "goo",
  GOOGLE_CLIENT_SECRET: "goo-secret",
};

function contextOf(source: Record<string, string>, isDev = false): SecurityContext {
  const result = readEnv(source);
  if (!result.ok) throw new Error(result.problems.join("\n"));
  return { isDev, env: result.env };
}

const LOCAL = contextOf({ LOCAL_STRIPE_PORT: "12999" });
const HOSTED = contextOf(HOSTED_VARIABLES);

/** The policy as a table: directive → sources. */
function policyOf(context: SecurityContext, path: string): Record<string, string[]> {
  const policy = contentSecurityPolicy(context, { path, nonce: "abc" });
  return Object.fromEntries(
    policy.split("; ").map((directive) => {
      const [name = "", ...sources] = directive.split(" ");
      return [name, sources];
    }),
  );
}

describe.each([
  ["in local mode", LOCAL],
  ["outside local mode", HOSTED],
  ["without a configuration", { isDev: false, env: null }],
])("the policy of a page %s", (_name, context) => {
  test.each(["/", "/pricing", "/subscribe", "/sign-in", "/account/billing", "/setup", "/no-such-page"])(
    "%s runs no script but ours, frames nothing, and is framed by nobody",
    (path) => {
      const policy = policyOf(context, path);
      expect(policy["script-src"]).toEqual(["'self'", "'nonce-abc'"]);
      expect(policy).toMatchObject({
        "default-src": ["'none'"],
        "style-src-attr": ["'unsafe-inline'"],
        "frame-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "connect-src": ["'self'"],
      });
      expect(policy["style-src"]).not.toContain("'unsafe-inline'");
    },
  );
});

describe("a form may lead", () => {
  test.each([
    [LOCAL, "/pricing", ["'self'", "http://127.0.0.1:12999"]],
    [LOCAL, "/account/billing", ["'self'", "http://127.0.0.1:12999"]],
    [LOCAL, "/", ["'self'"]],
    [LOCAL, "/pricing-of-others", ["'self'"]],
    [HOSTED, "/subscribe", ["'self'", "https://checkout.stripe.com", "https://billing.stripe.com"]],
    [HOSTED, "/sign-in", ["'self'"]],
    [
      contextOf({ ...HOSTED_VARIABLES, ...OAUTH }),
      "/sign-in",
      ["'self'", "https://github.com", "https://accounts.google.com"],
    ],
    [{ isDev: false, env: null }, "/pricing", ["'self'"]],
  ] as const)("%#: only where the page's forms lead", (context, path, sources) => {
    expect(policyOf(context, path)["form-action"]).toEqual(sources);
  });

  test("to the real Stripe never in local mode, and to the local one never outside", () => {
    for (const { path } of PAYMENT_PAGES) {
      expect(JSON.stringify(policyOf(LOCAL, path))).not.toContain("stripe.com");
      expect(JSON.stringify(policyOf(HOSTED, path))).not.toContain("127.0.0.1");
    }
  });
});

test("development alone may eval and style inline", () => {
  const policy = policyOf({ ...LOCAL, isDev: true }, "/");
  expect(policy["script-src"]).toContain("'unsafe-eval'");
  expect(policy["script-src"]).not.toContain("'unsafe-inline'");
  expect(policy["style-src"]).toContain("'unsafe-inline'");
});

describe("strict transport security", () => {
  test("is asked for outside local mode alone, of pages and API alike", () => {
    const page = { path: "/", nonce: "abc" };
    for (const headers of [pageHeaders(HOSTED, page), apiHeaders(HOSTED)]) {
      expect(headers["strict-transport-security"]).toBe("max-age=63072000");
    }
    for (const headers of [pageHeaders(LOCAL, page), apiHeaders(LOCAL), FALLBACK_HEADERS]) {
      expect(headers).not.toHaveProperty("strict-transport-security");
    }
  });
});

test("what a build carries for a page that proxy.ts did not see runs no inline script", () => {
  expect(FALLBACK_HEADERS["content-security-policy"]).toContain("script-src 'self';");
  expect(FALLBACK_HEADERS["content-security-policy"]).not.toMatch(/unsafe|nonce|http/);
});

test("an answer of the API opened as a page may do nothing", () => {
  expect(apiHeaders(HOSTED)).toMatchObject({
    "content-security-policy":
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
  });
});

describe("a page that embeds Stripe.js", () => {
  const pages: PaymentPage[] = [{ path: "/subscribe", embedsStripeJs: true }, ...PAYMENT_PAGES];
  const headersOf = (context: SecurityContext, path: string) =>
    pageHeaders(context, { path, nonce: "abc" }, pages);

  test("may load it from Stripe, show its frames, reach its API and ask the browser for a payment", () => {
    const headers = headersOf(HOSTED, "/subscribe");
    const policy = headers["content-security-policy"];
    expect(policy).toContain("script-src 'self' 'nonce-abc' https://js.stripe.com https://*.js.stripe.com;");
    expect(policy).toContain(
      "frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com;",
    );
    expect(policy).toContain("connect-src 'self' https://api.stripe.com;");
    expect(headers["permissions-policy"]).toContain('payment=(self "https://js.stripe.com")');
  });

  test("has the local Stripe's origin in its place in local mode", () => {
    const policy = headersOf(LOCAL, "/subscribe")["content-security-policy"];
    expect(policy).toContain("script-src 'self' 'nonce-abc' http://127.0.0.1:12999;");
    expect(policy).toContain("frame-src http://127.0.0.1:12999;");
    expect(policy).toContain("connect-src 'self' http://127.0.0.1:12999;");
    expect(policy).not.toContain("stripe.com");
  });

  test("shares none of it with other pages", () => {
    const headers = headersOf(HOSTED, "/pricing");
    expect(headers["content-security-policy"]).not.toMatch(/js\.stripe|api\.stripe|hooks\.stripe/);
    expect(headers["permissions-policy"]).toContain("payment=()");
  });

  test.each([
    ["/", "/subscribe", true],
    ["/subscribe", "/pricing", true],
    ["", "/subscribe", true],
    ["/subscribe", "/subscribe/card", false],
    ["/", "/pricing", false],
  ])("from %s to %s takes a full load: %s", (from, to, expected) => {
    expect(needsFullLoad(from, to, pages)).toBe(expected);
  });
});
