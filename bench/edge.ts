import { Redis } from "@upstash/redis";
import { GET } from "@/app/api/v1/billing/usage/edge/route";
import { hashToken } from "@/lib/auth/hash-token";
import { openDb } from "@/lib/db/client";
import { parseEdgeUsage } from "@/lib/domain/edge-usage";
import { readEnv } from "@/lib/env";
import { setEdgeConnections } from "@/lib/http/edge-context";
import { newId } from "@/lib/new-id";
import { openEdgeStore } from "@/lib/redis/edge-store";
import { openRateLimiter } from "@/lib/redis/rate-limiter";
import { announceUsage, publishToEdge } from "@/lib/services/edge/announce-usage";
import { reserveUsage } from "@/lib/services/usage/reserve-usage";
import { LOCAL_CREDENTIALS } from "@/local/credentials";
import type { BenchOptions } from "./bench-options";
import type { EdgeRedisUrls } from "./edge-redis";
import { startEdgeRedis } from "./edge-redis-process";
import {
  type Contender,
  measureInTurns,
  median,
  medianRatio,
  type Rounds,
} from "./metering/measure-in-turns";
import { type MeteringWorld, openMeteringWorld } from "./metering/metering-world";

const CALLERS = 32;
const FULL = { rounds: 7, roundMs: 1_000 };
const SHORT = { rounds: 3, roundMs: 300 };
const SIZE = { customers: 1_000, rows: 20_000 };
const KEY = "tk_bench";
const REFUSED = "http://127.0.0.1:1";

/**
 * What Redis is worth and what it costs: a check at the edge beside a bare GET by the same client, and decisions, which
 * ask Postgres, while Redis is well, refuses, hangs and is slow.
 */
export async function benchEdge({ isShort }: BenchOptions): Promise<void> {
  const rounds = isShort ? SHORT : FULL;
  const redis = await startEdgeRedis();
  const world = await openMeteringWorld(SIZE);
  try {
    await measureCheck(world, redis.urls, rounds);
    await measureDecisions(world, redis.urls, rounds);
    await measureRefusals(world, rounds);
  } finally {
    redis.stop();
    await world.close();
  }
}

/** B8 */
async function measureCheck(
  { db, hotCustomerId }: MeteringWorld,
  { healthy }: EdgeRedisUrls,
  rounds: Rounds,
): Promise<void> {
  const connection = { url: healthy, token: LOCAL_CREDENTIALS.redisToken };
  const store = openEdgeStore(connection, { timeoutMs: 10_000 });
  const bare = new Redis({
    ...connection,
    retry: { retries: 0 },
    enableTelemetry: false,
    automaticDeserialization: false,
    responseEncoding: false,
    enableAutoPipelining: false,
    signal: () => AbortSignal.timeout(10_000),
  });
  const hash = hashToken(KEY);
  publishToEdge(db, store);
  await store.rememberKeys([{ hash, customerId: hotCustomerId, expiresAt: null }]);
  announceUsage({ db, now: new Date() }, hotCustomerId);
  const check = async () => {
    const found = await store.find(hash, null);
    return found.outcome === "known_key" && found.text !== null ? parseEdgeUsage(found.text) : null;
  };
  const startedAt = performance.now();
  while (!(await check())) {
    if (performance.now() - startedAt > 10_000) throw new Error("The edge was never told.");
  }
  const env = readEnv({ API_REQUESTS_PER_MINUTE: "100000000" });
  if (!env.ok) throw new Error(env.problems.join("\n"));
  setEdgeConnections({ env: env.env, store, rateLimiter: openRateLimiter(null) });
  const request = () =>
    new Request("http://localhost:3000/api/v1/billing/usage/edge", {
      headers: { host: "localhost:3000", authorization: `Bearer ${KEY}` },
    });
  const succeed = async (isFound: Promise<boolean>) => {
    if (!(await isFound)) throw new Error("nothing was found");
  };
  for (const callers of [1, CALLERS]) {
    // A key lives a minute.
    await store.rememberKeys([{ hash, customerId: hotCustomerId, expiresAt: null }]);
    const [checked, got, routed] = await measureInTurns(
      [
        { name: "check", callers, work: () => succeed(check().then(Boolean)) },
        {
          name: "GET",
          callers,
          work: () => succeed(bare.get(`tk:edge:customer:${hotCustomerId}`).then(Boolean)),
        },
        {
          name: "route",
          callers,
          work: () => succeed(GET(request(), NO_SEGMENTS).then(({ status }) => status === 200)),
        },
      ],
      rounds,
    );
    if (!checked || !got || !routed) continue;
    const of = (own: number[]) =>
      `${median(own).toFixed(2)} ms (${medianRatio(own, got.medianMs).toFixed(2)}×)`;
    console.log(
      `  B8   ${callers} caller${callers === 1 ? "" : "s"}: a bare GET ${of(got.medianMs)}, edge check ${of(checked.medianMs)}, the whole route ${of(routed.medianMs)} (pass ≤ 1.3×)`,
    );
  }
}

const NO_SEGMENTS = { params: Promise.resolve({}) };

/** B14 */
async function measureDecisions(world: MeteringWorld, urls: EdgeRedisUrls, rounds: Rounds): Promise<void> {
  const places = { healthy: urls.healthy, refused: REFUSED, hung: urls.hung, slow: urls.slow };
  const opened = Object.entries(places).map(([name, url]) => {
    // As many processes would: each with its own connections and its own breaker.
    const db = openDb(world.databaseUrl, 10, 60_000);
    publishToEdge(db, openEdgeStore({ url, token: LOCAL_CREDENTIALS.redisToken }));
    return { name, db };
  });
  let turn = 0;
  const contenders = opened.map(({ name, db }): Contender => {
    const work = () => {
      turn += 1;
      const customerId = world.customerIds[turn % 100] ?? "";
      return reserveUsage(
        { db, now: new Date() },
        { customerId, userId: null, meter: "ai_requests", quantity: 1, key: newId() },
      );
    };
    return { name, callers: CALLERS, work };
  });
  const figures = await measureInTurns(contenders, rounds);
  const healthy = median(figures[0]?.p99Ms ?? []);
  for (const { name, p99Ms, perSecond } of figures) {
    const p99 = median(p99Ms);
    console.log(
      `  B14  Redis ${name}: decision p99 ${p99.toFixed(1)} ms (${(p99 - healthy).toFixed(1)} ms over healthy, pass ≤ 50), worst round ${Math.max(...p99Ms).toFixed(1)} ms, ${median(perSecond).toFixed(0)}/s`,
    );
  }
  for (const { db } of opened) await db.$disconnect();
}

/** Whether refusing without Postgres would be worth anything: what refusals of one customer take beside holds. */
async function measureRefusals(
  { db, hotCustomerId, customerIds }: MeteringWorld,
  rounds: Rounds,
): Promise<void> {
  const [, , , , exhausted = ""] = customerIds;
  const ask = (customerId: string, quantity: number) =>
    reserveUsage(
      { db, now: new Date() },
      { customerId, userId: null, meter: "projects", quantity, key: newId() },
    );
  const refuse = async () => {
    // More than any plan of the free customer holds, and credits do not pay for it.
    const isHeld = await ask(exhausted, 1_000_000).then(
      () => true,
      () => false,
    );
    if (isHeld) throw new Error("what was to be refused was held");
  };
  const hold = () =>
    reserveUsage(
      { db, now: new Date() },
      { customerId: hotCustomerId, userId: null, meter: "ai_requests", quantity: 1, key: newId() },
    );
  const [refused, held] = await measureInTurns(
    [
      { name: "refused", callers: CALLERS, work: refuse },
      { name: "held", callers: CALLERS, work: hold },
    ],
    rounds,
  );
  if (!refused || !held) return;
  console.log(
    `  refusals of one customer ${median(refused.perSecond).toFixed(0)}/s, holds ${median(held.perSecond).toFixed(0)}/s: ${medianRatio(refused.perSecond, held.perSecond).toFixed(2)}×`,
  );
}
