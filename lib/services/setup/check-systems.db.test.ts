import { once } from "node:events";
import { readdirSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPreset } from "@/catalogues/read-preset";
import type { Context } from "@/lib/context";
import { openDb } from "@/lib/db/client";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { pushCatalogue } from "@/lib/services/catalogue/push-catalogue";
import { HANDLED_EVENT_TYPES } from "@/lib/services/stripe-events/find-stripe-event-handler";
import { openStripe } from "@/lib/stripe/client";
import { startRedis } from "@/local/redis/start-redis";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { checkPostgres } from "./check-postgres";
import { webhookAddress } from "./check-stripe";
import { checkSystem } from "./check-systems";
import { SYSTEM_KEYS, type SystemKey } from "./system-check";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

/** A configuration that differs in something. */
const withEnv = (env: Partial<Context["env"]>): Context => ({
  ...world.ctx,
  env: { ...world.ctx.env, ...env },
});
const check = async (ctx: Context, key: SystemKey) => {
  const { state, summary } = await checkSystem(ctx, key);
  return { state, summary };
};

describe("Postgres", () => {
  test("works with every migration, and says which version answers", async () => {
    const { state, facts, latencyMs, checkedAt } = await checkSystem(world.ctx, "postgres");
    expect(state).toBe("works");
    expect(facts[0]?.detail).toMatch(/^Postgres \d+/);
    expect(latencyMs).toBeGreaterThanOrEqual(0);
    expect(Math.abs(checkedAt.getTime() - Date.now())).toBeLessThan(5_000);
  });

  test("does not work behind the build, or away, and names the way on without the address", async () => {
    const known = readdirSync("prisma/migrations").filter((name) => /^\d/.test(name));
    const behind = await checkPostgres(world.ctx, [...known, "29991231000000_to_come"]);
    expect(behind).toMatchObject({ state: "failed", summary: expect.stringContaining("scripts/migrate.ts") });
    const away = { ...world.ctx, db: openDb("postgresql://u:canary@127.0.0.1:1/none") };
    const answer = await checkSystem(away, "postgres");
    expect(answer).toMatchObject({ state: "failed", summary: expect.stringContaining("DATABASE_URL") });
    expect(JSON.stringify(answer)).not.toContain("canary");
  });
});

describe("Stripe", () => {
  test("does not work while no webhook endpoint leads here, lacks events, is off, and then works", async () => {
    const { stripe, env } = world.ctx;
    expect(await check(world.ctx, "stripe")).toMatchObject({
      state: "failed",
      summary: expect.stringContaining("no webhook endpoint"),
    });
    const endpoint = await stripe.webhookEndpoints.create({
      url: webhookAddress(env.appUrl),
      enabled_events: ["invoice.paid"],
    });
    expect(await check(world.ctx, "stripe")).toMatchObject({
      state: "attention",
      summary: expect.stringContaining("invoice.payment_failed"),
    });
    type Events = NonNullable<Parameters<typeof stripe.webhookEndpoints.update>[1]>["enabled_events"];
    // Each is the name of a file, which the compiler cannot know to be an event.
    const enabled_events = [...HANDLED_EVENT_TYPES] as Events;
    await stripe.webhookEndpoints.update(endpoint.id, { enabled_events, disabled: true });
    expect(await check(world.ctx, "stripe")).toMatchObject({
      state: "failed",
      summary: expect.stringContaining("switched off"),
    });
    await stripe.webhookEndpoints.update(endpoint.id, { disabled: false });
    expect(await check(world.ctx, "stripe")).toMatchObject({ state: "works" });
  });

  test("does not work with a key that is refused, with keys of two modes, or away", async () => {
    const { stripe } = world.ctx.env;
    const refused = { ...world.ctx, stripe: openStripe({ ...stripe, secretKey: "sk_test_other" }) };
    expect(await check(refused, "stripe")).toMatchObject({
      state: "failed",
      summary: expect.stringContaining("STRIPE_SECRET_KEY"),
    });
    expect(
      await check(withEnv({ stripe: { ...stripe, publishableKey: "pk_live_x" } }), "stripe"),
    ).toMatchObject({ state: "failed", summary: expect.stringContaining("different modes") });
    const away = { ...world.ctx, stripe: openStripe({ ...stripe, localUrl: "http://127.0.0.1:1" }) };
    expect(await check(away, "stripe")).toMatchObject({
      state: "failed",
      summary: "Stripe does not answer.",
    });
  });
});

test("the catalogue works when every price is at Stripe, and needs attention when one is not", async () => {
  expect(await check(world.ctx, "catalogue")).toMatchObject({ state: "works" });
  const catalogue = readPreset("community");
  const dearer = structuredClone(catalogue);
  const price = dearer.plans.flatMap(({ prices }) => prices).at(0);
  if (!price) throw new Error("the community catalogue has no price");
  price.amountMinor += 100;
  await publishCatalogue(world.ctx, { catalogue: dearer });
  expect(await check(world.ctx, "catalogue")).toMatchObject({ state: "attention" });
  await pushCatalogue(world.ctx);
  expect(await check(world.ctx, "catalogue")).toMatchObject({ state: "works" });
});

test("Redis is off without a configuration, works when it answers, and fails when it does not or refuses", async () => {
  const redis = await startRedis({ port: 0 });
  try {
    expect(await check(withEnv({ redis: null }), "redis")).toMatchObject({ state: "off" });
    expect(
      await check(withEnv({ redis: { url: redis.url, token: "tk_local_redis" } }), "redis"),
    ).toMatchObject({
      state: "works",
    });
    expect(await check(withEnv({ redis: { url: redis.url, token: "wrong" } }), "redis")).toMatchObject({
      state: "failed",
    });
  } finally {
    await redis.close();
  }
});

test("the AI provider is asked with its key; one that hangs is given up after three seconds", async () => {
  const answers: Record<string, number | null> = { good: 200, bad: 401, odd: 404, slow: null };
  const server = http.createServer((request, response) => {
    const status = answers[request.headers.authorization?.replace("Bearer ", "") ?? ""];
    if (status) response.writeHead(status).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const stateFor = async (key: string) =>
    (await checkSystem(withEnv({ ai: { baseUrl, key, model: "m" } }), "ai_provider")).state;
  try {
    expect(await stateFor("good")).toBe("works");
    expect(await stateFor("bad")).toBe("failed");
    expect(await stateFor("odd")).toBe("attention");
    const startedAt = Date.now();
    expect(await stateFor("slow")).toBe("failed");
    // Three seconds and what a busy machine adds; whoever did not give up would wait without end.
    expect(Date.now() - startedAt).toBeLessThan(10_000);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("the scheduler does not work once something has been due for five minutes", async () => {
  expect(await check(world.ctx, "scheduler")).toMatchObject({ state: "works" });
  const long = new Date(Date.now() - 6 * 60_000);
  await world.ctx.db.stripeEvent.create({
    data: {
      id: "evt_overdue",
      type: "invoice.paid",
      objectId: "in_x",
      state: "received",
      nextAttemptAt: long,
      createdAt: long,
      receivedAt: long,
    },
  });
  expect(await check(world.ctx, "scheduler")).toMatchObject({ state: "failed" });
  await world.ctx.db.stripeEvent.delete({ where: { id: "evt_overdue" } });
});

test("sign-in with others is off, or says with whom", async () => {
  expect(await check(world.ctx, "sign_in")).toMatchObject({ state: "off" });
  const github = { clientId: "id", clientSecret: "canary" };
  const answer = await check(withEnv({ oauth: { github, google: null } }), "sign_in");
  expect(answer).toMatchObject({ state: "works", summary: expect.stringContaining("GitHub") });
});

test("with everything away each check still answers in words, and none with a secret (V15)", async () => {
  const { env } = world.ctx;
  const away: Context = {
    ...world.ctx,
    db: openDb("postgresql://u:canary-db@127.0.0.1:1/none"),
    stripe: openStripe({ ...env.stripe, secretKey: "sk_test_canary", localUrl: "http://127.0.0.1:1" }),
    env: {
      ...env,
      redis: { url: "http://127.0.0.1:1", token: "canary-redis" },
      mail: { ...env.mail, apiKey: "re_canary", localUrl: "http://127.0.0.1:1" },
      ai: { baseUrl: "http://127.0.0.1:1/v1", key: "canary-ai", model: "m" },
    },
  };
  const checks = await Promise.all(SYSTEM_KEYS.map((key) => checkSystem(away, key)));
  expect(checks.map(({ state }) => state)).toEqual(
    SYSTEM_KEYS.map((key) => (key === "sign_in" ? "off" : "failed")),
  );
  expect(JSON.stringify(checks)).not.toContain("canary");
});
