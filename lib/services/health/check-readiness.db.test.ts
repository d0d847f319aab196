import { readdirSync } from "node:fs";
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

const MIGRATIONS = readdirSync("prisma/migrations").filter((name) => /^\d/.test(name));

const stateOf = async (ctx: Context, migrations = MIGRATIONS) => {
  const { status, systems } = await checkReadiness(ctx, migrations);
  return { status, down: systems.filter((system) => !system.ok).map((system) => system.name) };
};

const databaseMessage = async (ctx: Context, migrations = MIGRATIONS) =>
  (await checkReadiness(ctx, migrations)).systems.find((system) => system.name === "database")?.message;

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

  test("is unavailable without its database", async () => {
    const away = { ...healthy, db: openDb("postgresql://u:p@127.0.0.1:1/none") };
    expect(await stateOf(away)).toEqual({ status: "unavailable", down: ["database"] });
    expect(await databaseMessage(away)).toBe("The database does not answer.");
  });

  test("is unavailable while a migration has not finished", async () => {
    await world.ctx.db.$executeRaw`
      insert into _prisma_migrations (id, checksum, migration_name, started_at, applied_steps_count)
      values ('half', '', 'half', now(), 0)`;
    expect(await stateOf(healthy)).toEqual({ status: "unavailable", down: ["database"] });
    expect(await databaseMessage(healthy)).toBe("A migration of the database did not finish.");
    await world.ctx.db.$executeRaw`delete from _prisma_migrations where id = 'half'`;
  });

  test("is unavailable on a database older than the build, and ready on a newer one", async () => {
    const newer = [...MIGRATIONS, "29991231000000_still_to_come"];
    expect(await stateOf(healthy, newer)).toEqual({ status: "unavailable", down: ["database"] });
    expect(await databaseMessage(healthy, newer)).toBe(
      "The database is behind: 1 of the migrations this build needs is not applied.",
    );
    expect(await stateOf(healthy, MIGRATIONS.slice(0, -1))).toEqual({ status: "ready", down: [] });
  });

  test("is unavailable on an empty database", async () => {
    const url = new URL(world.ctx.env.databaseUrl);
    url.pathname = "/template1";
    const empty = { ...healthy, db: openDb(url.href) };
    expect(await databaseMessage(empty)).toBe("The database is not migrated.");
    await empty.db.$disconnect();
  });

  test("says nothing of addresses, keys or causes", async () => {
    const away = { ...healthy, db: openDb("postgresql://u:canary@127.0.0.1:1/none") };
    expect(JSON.stringify(await checkReadiness(away))).not.toMatch(/canary|127\.0\.0\.1|ECONN/);
  });
});
