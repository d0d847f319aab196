import type { Context } from "@/lib/context";
import { getUsage } from "@/lib/services/usage/get-usage";
import { recordUsage } from "@/lib/services/usage/record-usage";
import { createPerson, findPerson, type Person } from "./create-person";
import type { Cast } from "./pick-plans";
import type { Random } from "./random";
import { drawUses, recordUses } from "./record-history";
import { daysBefore, type Step } from "./step";

const NAME = "free";
const SIGNED_UP_DAYS_AGO = 16;

/** free@demo.test: on the free plan for two weeks, using it up now and then, and today altogether. */
export function freeAccount({ freePlan }: Cast, present: Date, random: Random): Step[] {
  const signedUpAt = daysBefore(present, SIGNED_UP_DAYS_AGO);
  const today = new Date(Math.floor(present.getTime() / 86_400_000) * 86_400_000);
  const uses = drawUses(random, { name: NAME, plan: freePlan, from: signedUpAt, to: today });
  return [
    { at: signedUpAt, run: async (ctx) => void (await createPerson(ctx, NAME)) },
    {
      at: present,
      run: async (ctx) => {
        const person = await findPerson(ctx, NAME);
        await recordUses(ctx, { customerId: person.customerId, userIds: [person.userId] }, uses);
        await reachLimit(ctx, person);
      },
    },
  ];
}

/** Uses whatever the plan still leaves of the first meter it limits by time. */
export async function reachLimit(ctx: Context, { customerId, userId }: Person): Promise<void> {
  const { meters } = await getUsage(ctx, { customerId });
  for (const { meter, windows } of meters) {
    const limits = windows.flatMap(({ window, limit, used }) =>
      window === "lifetime" || limit === null ? [] : [{ limit, left: limit - used }],
    );
    const [tightest] = limits.toSorted((a, b) => a.left - b.left);
    if (!tightest) continue;
    const share = Math.ceil(tightest.limit / 3);
    for (let { left } = tightest; left > 0; left -= share) {
      // Keyed by what is left, so that a run which died before it posted a use posts it now.
      const key = `demo:${NAME}:limit:${ctx.now.toISOString().slice(0, 10)}:${left}`;
      await recordUsage(ctx, {
        customerId,
        userId,
        meter: meter.key,
        quantity: Math.min(share, left),
        key,
      });
    }
    return;
  }
}
