import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Context } from "@/lib/context";
import { openDb } from "@/lib/db/client";
import { openStripe } from "@/lib/stripe/client";
import { startRedis } from "@/local/redis/start-redis";
import type { LocalService } from "@/local/service";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { checkReadiness } from "./check-readiness";

let world: TestWorld;
let redis: LocalService;
let healthy: Context;
beforeAll(async () => {
  world = await openTestWorld();
  redis = await startRedis({ port: 0 });
  healthy = { ...world.ctx, env: { ...world.ctx.env, redis: { url: redis.url, token: "tk_local_redis" } } };
});
afterAll(async () => {
  await world.close();
  await redis.close();
});

const stateOf = async (ctx: Context) => {
  const { status, systems } = await checkReadiness(ctx);
  return { status, down: systems.filter((system) => !system.ok).map((system) => system.name) };
};

describe("readiness", () => {
  test("is ready with everything up, and without Redis configured", async () => {
    expect(await stateOf(healthy)).toEqual({ status: "ready", down: [] });
    expect(await stateOf({ ...healthy, env: { ...healthy.env, redis: null } })).toEqual({
      status: "ready",
      down: [],
    });
  });

  test("is degraded without Redis or Stripe, naming them", async () => {
    const noRedis = { ...healthy, env: { ...healthy.env, redis: { url: "http://127.0.0.1:1", token: "x" } } };
    expect(await stateOf(noRedis)).toEqual({ status: "degraded", down: ["redis"] });
    const stripe = openStripe({ ...healthy.env.stripe, localUrl: "http://127.0.0.1:1" });
    expect(await stateOf({ ...healthy, stripe })).toEqual({ status: "degraded", down: ["stripe"] });
  });

  test("is unavailable without its database, and while a migration has not finished", async () => {
    const away = { ...healthy, db: openDb("postgresql://u:p@127.0.0.1:1/none") };
    expect(await stateOf(away)).toEqual({ status: "unavailable", down: ["database"] });
    await world.ctx.db.$executeRaw`
      insert into _prisma_migrations (id, checksum, migration_name, started_at, applied_steps_count)
      values ('half', '', 'half', now(), 0)`;
    expect(await stateOf(healthy)).toEqual({ status: "unavailable", down: ["database"] });
    await world.ctx.db.$executeRaw`delete from _prisma_migrations where id = 'half'`;
  });
});
