import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { RateLimit } from "@/lib/redis/rate-limiter";

/**
 * Counts one call against each limit in turn.
 * @throws AppError `rate_limited` at the first that is used up; `what` begins the sentence it says.
 */
export async function checkRate(
  ctx: Pick<Context, "rateLimiter">,
  { what, limits }: { what: string; limits: [RateLimit, string][] },
): Promise<void> {
  for (const [limit, key] of limits) {
    const { allowed, retryAfterSeconds } = await ctx.rateLimiter.check(limit, key);
    if (allowed) continue;
    throw new AppError("rate_limited", `${what} Please wait ${inWords(retryAfterSeconds)}.`, {
      retryAfterSeconds,
    });
  }
}

function inWords(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (minutes > 120) return `${Math.ceil(minutes / 60)} hours`;
  return minutes <= 1 ? "a minute" : `${minutes} minutes`;
}
