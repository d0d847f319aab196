import type { Context } from "@/lib/context";
import { readClockOffset } from "@/lib/read-clock-offset";
import { jumpTo } from "@/local/testing/lab-driver";
import type { Step } from "./step";

/**
 * Does the steps one after the other, each at its moment: the local Stripe's clock is brought there first, unless it
 * is further already, as after a run that died half-way.
 */
export async function liveThrough(ctx: Context, stripeUrl: string, steps: Step[]): Promise<void> {
  for (const { at, run } of steps.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    const stripeNow = Date.now() + (await readClockOffset(ctx.env));
    if (stripeNow < at.getTime()) await jumpTo(stripeUrl, at);
    await run({ ...ctx, now: at });
  }
}
