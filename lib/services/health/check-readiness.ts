import type { Context } from "@/lib/context";
import { logError } from "@/lib/log";

export type SystemState = { name: "database" | "stripe" | "redis"; ok: boolean };
export type Readiness = {
  /** `degraded` = what must not fail works, something else does not. `unavailable` = send no traffic. */
  status: "ready" | "degraded" | "unavailable";
  systems: SystemState[];
};

const TIMEOUT_MS = 2_000;

/**
 * Whether this process can serve: its database answers and is migrated. Stripe and Redis being away degrades it,
 * because everything but buying, and everything at all, works without them.
 */
export async function checkReadiness(ctx: Context): Promise<Readiness> {
  const systems = await Promise.all([
    check("database", () => assertMigrated(ctx)),
    check("stripe", () => ctx.stripe.balance.retrieve({}, { timeout: TIMEOUT_MS, maxNetworkRetries: 0 })),
    ...(ctx.env.redis ? [check("redis", () => pingRedis(ctx.env.redis))] : []),
  ]);
  const isOk = (name: SystemState["name"]) => systems.find((system) => system.name === name)?.ok ?? true;
  if (!isOk("database")) return { status: "unavailable", systems };
  return { status: systems.every((system) => system.ok) ? "ready" : "degraded", systems };
}

async function check(name: SystemState["name"], work: () => Promise<unknown>): Promise<SystemState> {
  try {
    await work();
    return { name, ok: true };
  } catch (error) {
    logError("readiness.failed", error, { system: name });
    return { name, ok: false };
  }
}

/** A migration that began and did not end leaves a schema that nobody wrote. */
async function assertMigrated(ctx: Context): Promise<void> {
  const [row] = await ctx.db.$queryRaw<{ applied: number; unfinished: number }[]>`
    select count(finished_at)::int as applied,
           count(*) filter (where finished_at is null and rolled_back_at is null)::int as unfinished
      from _prisma_migrations`;
  if (!row || row.applied === 0) throw new Error("the database is not migrated");
  if (row.unfinished > 0) throw new Error("a migration of the database did not finish");
}

async function pingRedis(redis: Context["env"]["redis"]): Promise<void> {
  if (!redis) return;
  const response = await fetch(`${redis.url}/ping`, {
    headers: { authorization: `Bearer ${redis.token}` },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`Redis answered ${response.status}`);
}
