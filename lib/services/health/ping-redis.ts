import type { Env } from "@/lib/env";

/** @throws when Redis does not answer in time, or refuses. */
export async function pingRedis(redis: NonNullable<Env["redis"]>, timeoutMs: number): Promise<void> {
  const response = await fetch(`${redis.url}/ping`, {
    headers: { authorization: `Bearer ${redis.token}` },
    signal: AbortSignal.timeout(timeoutMs),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`Redis answered ${response.status}`);
}
