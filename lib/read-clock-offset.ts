import type { Env } from "@/lib/env";

/**
 * How far business time runs ahead of the wall clock, in milliseconds, as the local Stripe has it. Zero outside local
 * mode, and when the local Stripe is not up yet: it tells the app when it is.
 */
export async function readClockOffset({ local, stripe }: Pick<Env, "local" | "stripe">): Promise<number> {
  if (!local || !stripe.localUrl) return 0;
  try {
    const response = await fetch(`${stripe.localUrl}/lab/clock`, {
      headers: { authorization: `Bearer ${stripe.secretKey}` },
      signal: AbortSignal.timeout(2_000),
    });
    const { offset_ms: offsetMs } = (await response.json()) as { offset_ms?: number };
    return typeof offsetMs === "number" ? offsetMs : 0;
  } catch {
    return 0;
  }
}
