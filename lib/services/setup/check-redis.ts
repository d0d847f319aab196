import type { Context } from "@/lib/context";
import { pingRedis } from "@/lib/services/health/ping-redis";
import { CHECK_TIMEOUT_MS, runCheck, type SystemCheck, withoutAsking } from "./system-check";

export async function checkRedis(ctx: Context): Promise<SystemCheck> {
  const { redis } = ctx.env;
  if (!redis) {
    return withoutAsking({
      state: "off",
      summary: "Not configured. Everything works; rate limits hold for each instance by itself.",
      facts: [],
    });
  }
  return runCheck(
    "Redis does not answer, or refuses the token. Limits stay exact; rate limits hold for each instance by itself.",
    async () => {
      await pingRedis(redis, CHECK_TIMEOUT_MS);
      return { state: "works", summary: "Answers.", facts: [] };
    },
  );
}
