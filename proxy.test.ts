import { NextRequest } from "next/server";
import { afterEach, describe, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

/** The proxy of a server with this environment; the configuration is read once per process. */
async function ask(env: Record<string, string>, url: string, host = new URL(url).host): Promise<Response> {
  for (const [name, value] of Object.entries({
    STRIPE_SECRET_KEY: "",
    APP_URL: "",
    DATABASE_URL: "",
    ...env,
  }))
    vi.stubEnv(name, value);
  const { proxy } = await import("./proxy");
  return proxy(new NextRequest(url, { headers: { host } }));
}

describe("on serverless without its variables", () => {
  test.each(["/", "/pricing", "/account/billing", "/api/v1/billing/plans", "/api/health", "/setup/other"])(
    "%s is 503",
    async (path) => {
      const response = await ask({ VERCEL: "1" }, `https://app.example.com${path}`);
      expect(response.status).toBe(503);
      expect(await response.text()).toContain("/setup");
    },
  );

  test("/setup is shown", async () => {
    expect((await ask({ VERCEL: "1" }, "https://app.example.com/setup")).status).toBe(200);
  });
});

describe("in local mode", () => {
  test("another name for this machine is refused", async () => {
    expect((await ask({}, "http://localhost:3000/pricing", "evil.example")).status).toBe(403);
  });

  test("127.0.0.1 is led to the address that sign-in links name; the API answers on both", async () => {
    const page = await ask({}, "http://127.0.0.1:3000/pricing?canceled=x");
    expect(page.headers.get("location")).toBe("http://localhost:3000/pricing?canceled=x");
    vi.resetModules();
    expect((await ask({}, "http://127.0.0.1:3000/api/v1/billing/plans")).status).toBe(200);
  });
});
