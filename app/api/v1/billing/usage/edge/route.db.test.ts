import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GET as getUsageRoute } from "@/app/api/v1/billing/usage/route";
import { setClockOffset } from "@/lib/clock";
import { type Context, setConnections } from "@/lib/context";
import { setEdgeConnections } from "@/lib/http/edge-context";
import { newId } from "@/lib/new-id";
import { openEdgeStore } from "@/lib/redis/edge-store";
import { openRateLimiter } from "@/lib/redis/rate-limiter";
import { createApiKey } from "@/lib/services/api-keys/create-api-key";
import { revokeApiKey } from "@/lib/services/api-keys/revoke-api-key";
import { rotateApiKey } from "@/lib/services/api-keys/rotate-api-key";
import { getCredits } from "@/lib/services/credits/get-credits";
import { grantCredits } from "@/lib/services/credits/post-credits";
import { publishToEdge } from "@/lib/services/edge/announce-usage";
import { recordUsage } from "@/lib/services/usage/record-usage";
import { reserveUsage } from "@/lib/services/usage/reserve-usage";
import { commitReservation } from "@/lib/services/usage/settle-reservation";
import { startRedis } from "@/local/redis/start-redis";
import type { LocalService } from "@/local/service";
import { callRoute } from "@/local/testing/call-route";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { GET } from "./route";

const SOON = { timeout: 10_000 };
const DAY_MS = 86_400_000;

let world: TestWorld;
let redis: LocalService;
let customerId: string;
let key: string;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  world = await openTestWorld();
  redis = await startRedis({ port: 0 });
});
beforeEach(async () => {
  setConnections(world.ctx);
  connectEdge(redis.url, 10_000);
  ({ customerId } = await world.createPerson());
  key = await world.createKey(customerId);
});
afterEach(async () => {
  setClockOffset(0);
  setConnections(world.ctx);
  for (const close of closers.splice(0)) await close();
});
afterAll(async () => {
  await redis.close();
  await world.close();
});

/** Has everything use this Redis, with the patience that a test about time does not have. */
function connectEdge(url: string | null, timeoutMs?: number, env = world.ctx.env): void {
  const open = () => url && openEdgeStore({ url, token: "tk_local_redis" }, timeoutMs ? { timeoutMs } : {});
  const [store, publisherStore] = [open() || null, open()];
  setEdgeConnections({ env, store, rateLimiter: openRateLimiter(null) });
  if (publisherStore) publishToEdge(world.ctx.db, publisherStore);
}

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const wall = (): Context => world.at(new Date());
const use = (quantity = 1) => ({ customerId, userId: null, meter: "ai_requests", quantity, key: newId() });
const ask = (as = key, headers: Record<string, string> = {}) => callRoute(GET, as, { headers });
const askPostgres = (as = key, headers: Record<string, string> = {}) =>
  callRoute(getUsageRoute, as, { headers });

/** Calls Postgres' endpoint once, after which the edge knows key and customer. */
async function introduce(as = key, headers: Record<string, string> = {}) {
  expect((await askPostgres(as, headers)).status).toBe(200);
  await expect.poll(async () => (await ask(as, headers)).status, SOON).toBe(200);
}

test("200 says what GET /usage says, with balance, plan and features, whence and as of when", async () => {
  await recordUsage(wall(), use(2));
  await introduce();
  await expect.poll(async () => usedToday((await ask()).json), SOON).toBe(2);
  const [edge, postgres] = [await ask(), await askPostgres()];
  expect(edge.json).toMatchObject({
    object: "edge_usage",
    source: "edge",
    access: postgres.json.access ?? expect.any(String),
    plan: "explorer",
    balance: { credits: 0, held: 0, available: 0 },
  });
  const meters = edge.json.meters as { is_exhausted: boolean }[];
  expect(meters.map(({ is_exhausted, ...meter }) => meter)).toEqual(postgres.json.meters);
  expect(Math.abs(Date.now() - Date.parse(String(edge.json.as_of)))).toBeLessThan(30_000);
  expect(edge.headers.get("cache-control")).toBe("private, no-store");
  expect(edge.headers.get("ratelimit")).toMatch(/r=\d+/);
  expect(edge.headers.get("request-id")).toBeTruthy();
});

function usedToday(json: Record<string, unknown>): number | undefined {
  const meters = json.meters as { windows: { window: string; used: number }[] }[] | undefined;
  return meters?.[0]?.windows.find(({ window }) => window === "day")?.used;
}

test("a meter of which nothing is left is said to be exhausted, and after a grant not any more", async () => {
  await recordUsage(wall(), use(3));
  await introduce();
  const isExhausted = async () => ((await ask()).json.meters as { is_exhausted: boolean }[])[0]?.is_exhausted;
  await expect.poll(isExhausted, SOON).toBe(true);
  await grantCredits(wall(), { customerId, credits: 1, key: newId(), source: "gift", expiresAt: null });
  await expect.poll(isExhausted, SOON).toBe(false);
});

describe("401", () => {
  test("for a key that is not known here says where it may be", async () => {
    for (const wrong of ["tk_wrong", key]) {
      const { status, json, headers } = await ask(wrong);
      expect(status).toBe(401);
      expect(json).toMatchObject({ code: "unauthenticated", see: "/api/v1/billing/usage" });
      expect(headers.get("www-authenticate")).toBe("Bearer");
    }
  });

  test("for a key that was revoked, at once, and for one replaced without overlap", async () => {
    await introduce();
    const { id } = await world.ctx.db.apiKey.findFirstOrThrow({ where: { customerId } });
    await revokeApiKey(wall(), { customerId, apiKeyId: id, actor: { kind: "system" } });
    expect((await ask()).status).toBe(401);

    key = await world.createKey(customerId);
    await introduce();
    const { id: second } = await world.ctx.db.apiKey.findFirstOrThrow({
      where: { customerId, revokedAt: null },
    });
    const { key: third } = await rotateApiKey(wall(), {
      customerId,
      apiKeyId: second,
      overlapHours: 0,
      actor: { kind: "system" },
    });
    expect((await ask()).status).toBe(401);
    await introduce(third);
  });

  test("for a key that has expired since it was seen", async () => {
    const { key: short } = await createApiKey(wall(), {
      customerId,
      name: "Short",
      scopes: ["usage:read"],
      expiresAt: new Date(Date.now() + 60_000),
      actor: { kind: "system" },
    });
    await introduce(short);
    setClockOffset(60_001);
    expect((await ask(short)).status).toBe(401);
  });

  test("for a key that may not read usage: it is never known here", async () => {
    const billing = await world.createKey(customerId, ["billing:read"]);
    await introduce();
    expect((await askPostgres(billing)).status).toBe(403);
    // Told together with the next that is known.
    const another = await world.createKey(customerId);
    await introduce(another);
    expect((await ask(billing)).status).toBe(401);
  });

  test("without a key, whatever else the request carries", async () => {
    const request = new Request("http://localhost:3000/api/v1/billing/usage/edge", {
      headers: { host: "localhost:3000", cookie: "next-auth.session-token=1" },
    });
    const response = await GET(request, { params: Promise.resolve({}) });
    expect(response.status).toBe(401);
  });
});

test("a platform key names its customer by our id; 422 without, 403 where a customer's own key names one", async () => {
  const platform = await world.createKey(null);
  const named = { "tollkeeper-customer": customerId };
  await introduce(platform, named);
  expect((await ask(platform)).json).toMatchObject({ status: 422, code: "invalid_request" });
  expect((await ask(platform, { "tollkeeper-external-customer": "x" })).status).toBe(422);
  expect((await ask(platform, { "tollkeeper-customer": "not an id" })).status).toBe(422);
  expect((await ask(platform, { "tollkeeper-customer": newId() })).json).toMatchObject({
    status: 404,
    code: "not_at_edge",
  });
  await introduce();
  const other = await world.createPerson();
  expect((await ask(key, { "tollkeeper-customer": other.customerId })).status).toBe(403);
});

test("404 once a window has ended, until Postgres was asked again (S2-56)", async () => {
  await recordUsage(wall(), use(3));
  await introduce();
  setClockOffset(DAY_MS);
  const { status, json } = await ask();
  expect([status, json.code, json.see]).toEqual([404, "not_at_edge", "/api/v1/billing/usage"]);
  await introduce();
  expect(usedToday((await ask()).json)).toBe(0);
});

test("429 counts what is asked for one customer, and guesses by where they come from", async () => {
  await introduce();
  connectEdge(redis.url, 10_000, { ...world.ctx.env, apiRequestsPerMinute: 2 });
  const statuses = [await ask(), await ask(), await ask()].map(({ status }) => status);
  expect(statuses).toEqual([200, 200, 429]);
  const guesses = [];
  for (const guess of ["a", "b", "c"]) guesses.push((await ask(`tk_${guess}`)).status);
  expect(guesses).toEqual([401, 401, 429]);
});

test("403 from elsewhere in local mode", async () => {
  expect((await ask(key, { "x-forwarded-for": "203.0.113.7" })).status).toBe(403);
});

test("503 where there is no Redis", async () => {
  connectEdge(null);
  const { status, json, headers } = await ask();
  expect([status, json.code, json.see]).toEqual([503, "edge_unavailable", "/api/v1/billing/usage"]);
  expect(headers.get("retry-after")).toBe("5");
});

const TROUBLES: [string, () => Promise<string>][] = [
  ["refused", async () => "http://127.0.0.1:1"],
  ["hung", () => serve(() => {})],
  ["slow", () => serve((_, response) => void setTimeout(() => response.end('{"result":null}'), 400).unref())],
];

describe.each(TROUBLES)("with Redis %s (R8)", (_name, urlOf) => {
  test("503 within 150 ms; exactly what there is passes, all of it is counted, and no decision waits", async () => {
    const url = await urlOf();
    // With a minute's patience whoever waited for Redis would not be answered while this test runs.
    connectEdge(url, 60_000);
    expect(await decideOnAll(wall(), customerId)).toBe(53);

    connectEdge(url);
    const durations: number[] = [];
    for (let call = 0; call < 2; call += 1) {
      const startedAt = performance.now();
      const { status, headers } = await ask();
      durations.push(performance.now() - startedAt);
      expect([status, headers.get("retry-after")]).toEqual([503, "5"]);
    }
    // One of two, both before it is left alone: a busy machine adds to each what is not ours.
    expect(Math.min(...durations)).toBeLessThan(150);
  });
});

/** A hundred holds of a customer who can pay for 53. Those that passed are committed. @returns how many they are. */
async function decideOnAll(ctx: Context, id: string): Promise<number> {
  await grantCredits(ctx, { customerId: id, credits: 50, key: newId(), source: "gift", expiresAt: null });
  const holds = await Promise.all(
    Array.from({ length: 100 }, () => reserveUsage(ctx, { ...use(), customerId: id }).catch(() => null)),
  );
  const passed = holds.filter((hold) => hold !== null);
  await Promise.all(
    passed.map((hold) =>
      commitReservation(ctx, { customerId: id, reservationId: hold.id, quantity: 1, details: {} }),
    ),
  );
  const events = await ctx.db.usageEvent.aggregate({ where: { customerId: id }, _sum: { quantity: true } });
  expect(events._sum.quantity).toBe(BigInt(passed.length));
  expect(await getCredits(ctx, { customerId: id })).toMatchObject({ balance: 0, held: 0 });
  return passed.length;
}

test("wiped while it is used: what passes is exact, and the edge is right again by GET /usage (R8)", async () => {
  await introduce();
  const wiping = Array.from({ length: 5 }, () =>
    fetch(redis.url, {
      method: "POST",
      headers: { authorization: "Bearer tk_local_redis" },
      body: '["FLUSHALL"]',
    }),
  );
  const [passed] = await Promise.all([decideOnAll(wall(), customerId), ...wiping]);
  expect(passed).toBe(53);
  // A key is told of again a second after it was.
  await expect
    .poll(async () => {
      await askPostgres();
      return usedToday((await ask()).json);
    }, SOON)
    .toBe(3);
});
