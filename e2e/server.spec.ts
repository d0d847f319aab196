import http from "node:http";
import { expect, test } from "./test";

/** Sends a request with headers that a browser or fetch would not let through. */
function rawRequest(
  baseURL: string | undefined,
  path: string,
  headers: Record<string, string>,
): Promise<number> {
  const url = new URL(baseURL ?? "");
  return new Promise((resolve, reject) => {
    http
      .get({ host: "127.0.0.1", port: url.port, path, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
      .once("error", reject);
  });
}

test("without a key the API answers 401 and says how to send one", async ({ request }) => {
  const response = await request.get("/api/v1/billing/subscriptions");
  expect(response.status()).toBe(401);
  expect(response.headers()["content-type"]).toBe("application/problem+json");
  expect(await response.json()).toMatchObject({ code: "unauthenticated" });
});

test("the README's curl answers with the demo account's plan", async ({ request }) => {
  const response = await request.get("/api/v1/billing/subscriptions", {
    headers: { authorization: "Bearer tk_local_free" },
  });
  expect(response.status()).toBe(200);
  expect(await response.json()).toMatchObject({ plan: { slug: "explorer" }, subscription: null });
});

test("as Community Pro 100 requests succeed and today's statistics show 100 more (S1-96)", async ({
  request,
}) => {
  const headers = { authorization: "Bearer tk_local_pro" };
  const today = async () =>
    (await (await request.get("/api/v1/billing/usage", { headers })).json()).meters[0].windows[0];
  const before = await today();
  const record = () =>
    request.post("/api/v1/billing/usage/record", { headers, data: { meter: "ai_requests", quantity: 1 } });
  const statuses = (await Promise.all(Array.from({ length: 100 }, record))).map((response) =>
    response.status(),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(100);
  expect(await today()).toMatchObject({ window: "day", used: before.used + 100, limit: 200 });
});

test("50 parallel requests against a limit of three: exactly three succeed (S1-97)", async ({ request }) => {
  const record = () =>
    request.post("/api/v1/billing/usage/record", {
      // On the free plan, and nothing used yet.
      headers: { authorization: "Bearer tk_local_admin" },
      data: { meter: "ai_requests", quantity: 1 },
    });
  const statuses = (await Promise.all(Array.from({ length: 50 }, record))).map((response) =>
    response.status(),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(3);
  expect(statuses.filter((status) => status === 403)).toHaveLength(47);
});

test("a foreign Host is refused on pages and API alike: another name for this machine is not this machine", async ({
  baseURL,
}) => {
  for (const path of ["/pricing", "/api/v1/billing/plans", "/api/health"]) {
    expect(await rawRequest(baseURL, path, { host: "evil.example" })).toBe(403);
    expect(await rawRequest(baseURL, path, { host: "localhost.evil.example:3000" })).toBe(403);
  }
});

test("what proxy.ts is known to be skipped by does not open the API to a foreign Host (V2)", async ({
  baseURL,
}) => {
  const headers = { host: "evil.example", "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" };
  expect(await rawRequest(baseURL, "/api/v1/billing/plans", headers)).toBe(403);
});

test("the server listens on this machine's loopback address only", async ({ baseURL }) => {
  const { networkInterfaces } = await import("node:os");
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === "IPv4" && !address.internal);
  test.skip(!outside, "this machine has no other address to try");
  await expect(
    fetch(`http://${outside?.address}:${new URL(baseURL ?? "").port}/api/health`),
  ).rejects.toThrow();
});

test.describe("endpoints with a secret of their own (V14)", () => {
  for (const path of [
    "/api/cron/stripe-events",
    "/api/cron/stripe-commands",
    "/api/cron/reservations",
    "/api/cron/subscriptions",
  ]) {
    test(`${path} answers 401 without the scheduler's secret and 200 with it`, async ({ request }) => {
      expect((await request.post(path)).status()).toBe(401);
      expect((await request.post(path, { headers: { authorization: "Bearer wrong" } })).status()).toBe(401);
      expect(
        (await request.post(path, { headers: { authorization: "Bearer local_cron_secret" } })).status(),
      ).toBe(200);
    });
  }

  test("/api/local/clock answers 401 without the local Stripe's key, and 422 to a clock that goes back", async ({
    request,
  }) => {
    expect((await request.post("/api/local/clock", { data: { offset_ms: 0 } })).status()).toBe(401);
    const headers = { authorization: "Bearer sk_test_local" };
    expect((await request.post("/api/local/clock", { headers, data: { offset_ms: -1 } })).status()).toBe(422);
  });

  test("a webhook without a signature is answered 400, with a trailing slash too and never by a redirect", async ({
    request,
  }) => {
    for (const path of ["/api/v1/webhooks/stripe", "/api/v1/webhooks/stripe/"]) {
      const response = await request.post(path, { data: {}, maxRedirects: 0 });
      expect(response.status()).toBe(400);
    }
  });
});

test("no secret stands in any page, and signed-in answers are kept by no cache (V9, V15)", async ({
  request,
}) => {
  for (const path of ["/", "/pricing", "/sign-in", "/setup"]) {
    const response = await request.get(path);
    expect(response.status()).toBe(200);
    expect(await response.text()).not.toMatch(
      /sk_test_local|whsec_|re_local|tk_local_redis|local_cron_secret|postgres:postgres/,
    );
  }
  const usage = await request.get("/api/v1/billing/usage", {
    headers: { authorization: "Bearer tk_local_admin" },
  });
  expect(usage.headers()["cache-control"]).toBe("private, no-store");
});

test("no page may be framed, and no answer is sniffed for another type", async ({ request }) => {
  for (const path of ["/", "/pricing", "/account/billing", "/api/v1/billing/plans", "/robots.txt"]) {
    const headers = (await request.get(path)).headers();
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBe("strict-origin-when-cross-origin");
  }
});

test("the server is ready, and says of what", async ({ request }) => {
  const response = await request.get("/api/ready");
  expect(response.status()).toBe(200);
  expect(await response.json()).toEqual({
    status: "ready",
    systems: [
      { name: "database", ok: true, message: "Works." },
      { name: "stripe", ok: true, message: "Works." },
      { name: "redis", ok: true, message: "Works." },
    ],
  });
});
