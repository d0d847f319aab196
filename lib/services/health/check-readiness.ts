import type { Context } from "@/lib/context";
import { log } from "@/lib/log";
import { redactText } from "@/lib/log-redaction";
import { pingRedis } from "./ping-redis";
import { BUILT_WITH_MIGRATIONS, migrationProblem, readMigrations } from "./read-migrations";

export type SystemState = {
  name: "database" | "stripe" | "redis";
  ok: boolean;
  /** For a person; without an address or anything else that is ours alone to know. */
  message: string;
};
export type Readiness = {
  /** `degraded` = what must not fail works, something else does not. `unavailable` = send no traffic. */
  status: "ready" | "degraded" | "unavailable";
  systems: SystemState[];
};

const TIMEOUT_MS = 2_000;

/**
 * Whether this process can serve: its database answers and has every migration of this build. Stripe and Redis being
 * away degrades it, because everything but buying, and everything at all, works without them.
 */
export async function checkReadiness(
  ctx: Context,
  migrations: string[] = BUILT_WITH_MIGRATIONS,
): Promise<Readiness> {
  const { redis } = ctx.env;
  const systems = await Promise.all([
    check("database", "The database does not answer.", async () =>
      migrationProblem(await readMigrations(ctx.db, migrations)),
    ),
    check("stripe", "Stripe does not answer: nothing can be bought or changed at the moment.", async () => {
      await ctx.stripe.balance.retrieve({}, { timeout: TIMEOUT_MS, maxNetworkRetries: 0 });
      return null;
    }),
    ...(redis
      ? [
          check("redis", "Redis does not answer: rate limits hold per instance for now.", async () => {
            await pingRedis(redis, TIMEOUT_MS);
            return null;
          }),
        ]
      : []),
  ]);
  const isOk = (name: SystemState["name"]) => systems.find((system) => system.name === name)?.ok ?? true;
  if (!isOk("database")) return { status: "unavailable", systems };
  return { status: systems.every((system) => system.ok) ? "ready" : "degraded", systems };
}

/** `work` answers with what is wrong, or throws when it cannot tell. */
async function check(
  name: SystemState["name"],
  unreachable: string,
  work: () => Promise<string | null>,
): Promise<SystemState> {
  try {
    const problem = await withTimeout(work());
    if (problem) log("warn", "readiness.failed", { system: name, message: problem });
    return { name, ok: !problem, message: problem ?? "Works." };
  } catch (error) {
    const message = error instanceof Error ? redactText(error.message) : String(error);
    log("warn", "readiness.failed", { system: name, message });
    return { name, ok: false, message: unreachable };
  }
}

async function withTimeout<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
