import { NextRequest } from "next/server";
import { afterEach, describe, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

const HOSTED = {
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

/** The proxy of a server with this environment; the configuration is read once per process. */
async function ask(
  env: Record<string, string>,
  url: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  for (const [name, value] of Object.entries({
    STRIPE_SECRET_KEY: "",
    APP_URL: "",
    DATABASE_URL: "",
    MAINTENANCE: "",
    ...env,
  }))
    vi.stubEnv(name, value);
  const { proxy } = await import("./proxy");
  return proxy(new NextRequest(url, { headers: { host: new URL(url).host, ...headers } }));
}

/** What the page sees of a header of the request. */
const passedOn = (response: Response, name: string) => response.headers.get(`x-middleware-request-${name}`);
const isPassedOn = (response: Response) => response.headers.get("x-middleware-next") === "1";

describe("on serverless without its variables", () => {
  test.each(["/", "/pricing", "/account/billing", "/api/v1/billing/plans", "/api/health", "/setup/other"])(
    "%s is 503",
    async (path) => {
      const response = await ask({ VERCEL: "1" }, `https://app.example.com${path}`);
      expect(response.status).toBe(503);
      expect(await response.text()).toContain("/setup");
      expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    },
  );

  test("/setup is shown", async () => {
    expect((await ask({ VERCEL: "1" }, "https://app.example.com/setup")).status).toBe(200);
  });
});

describe("in local mode", () => {
  test("another name for this machine is refused", async () => {
    const response = await ask({}, "http://localhost:3000/pricing", { host: "evil.example" });
    expect(response.status).toBe(403);
  });

  test("127.0.0.1 is led to the address that sign-in links name; the API answers on both", async () => {
    const page = await ask({}, "http://127.0.0.1:3000/pricing?canceled=x");
    expect(page.headers.get("location")).toBe("http://localhost:3000/pricing?canceled=x");
    vi.resetModules();
    expect((await ask({}, "http://127.0.0.1:3000/api/v1/billing/plans")).status).toBe(200);
  });
});

describe("a page's policy (V18)", () => {
  test("carries a nonce of its own each time, which Next is told of", async () => {
    const nonces = [];
    for (let index = 0; index < 3; index += 1) {
      const response = await ask({}, "http://localhost:3000/pricing");
      const policy = response.headers.get("content-security-policy") ?? "";
      expect(passedOn(response, "content-security-policy")).toBe(policy);
      nonces.push(/'nonce-([A-Za-z0-9+/]{22}==)'/.exec(policy)?.[1]);
    }
    expect(new Set(nonces).size).toBe(3);
    expect(nonces).not.toContain(undefined);
  });

  test("is not the caller's to choose, and neither is the request's id", async () => {
    const sent = {
      "content-security-policy": "script-src 'nonce-evil'",
      "content-security-policy-report-only": "script-src 'nonce-evil'",
      "x-request-id": "evil",
    };
    for (const path of ["/pricing", "/api/v1/billing/plans"]) {
      vi.resetModules();
      const response = await ask({}, `http://localhost:3000${path}`, sent);
      expect(JSON.stringify([...response.headers])).not.toContain("evil");
      expect(passedOn(response, "x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test("of the API allows nothing", async () => {
    const response = await ask({}, "http://localhost:3000/api/v1/billing/plans");
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
  });

  test("comes with strict transport security outside local mode alone", async () => {
    const local = await ask({}, "http://localhost:3000/");
    expect(local.headers.has("strict-transport-security")).toBe(false);
    vi.resetModules();
    for (const path of ["/", "/api/health"]) {
      const hosted = await ask(HOSTED, `https://billing.example.com${path}`);
      expect(hosted.headers.get("strict-transport-security")).toBe("max-age=63072000");
    }
  });
});

describe("during maintenance", () => {
  const env = { ...HOSTED, MAINTENANCE: "1" };
  const askFor = (path: string) => ask(env, `https://billing.example.com${path}`);

  test.each(["/", "/pricing", "/account/billing", "/maintenance"])(
    "%s is the maintenance page, 503, to be tried again in two minutes",
    async (path) => {
      const response = await askFor(path);
      expect(response.status).toBe(503);
      expect(response.headers.get("retry-after")).toBe("120");
      expect(response.headers.get("x-middleware-rewrite")).toBe("https://billing.example.com/maintenance");
      expect(response.headers.get("content-security-policy")).toContain("'nonce-");
    },
  );

  test("in local mode a line says so", async () => {
    const response = await ask({ MAINTENANCE: "1" }, "http://localhost:3000/pricing");
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("120");
    expect(await response.text()).toContain("We are working on it");
  });

  test.each([
    "/api/health",
    "/api/ready",
    "/api/v1/webhooks/stripe",
    "/api/v1/webhooks/stripe/",
    "/api/v1/billing/webhooks/stripe/",
    "/icon.svg",
  ])("%s is answered as ever", async (path) => {
    const response = await askFor(path);
    expect(response.status).toBe(200);
    expect(isPassedOn(response)).toBe(true);
  });
});
