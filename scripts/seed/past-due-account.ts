import { failNextCharge } from "@/local/testing/lab-driver";
import { createPerson, findPerson } from "./create-person";
import { COLLECTED_AFTER_DAYS, paidPeriodEnd, signUpBefore } from "./paid-periods";
import type { Cast, Offer } from "./pick-plans";
import type { Random } from "./random";
import { drawUses, recordUses } from "./record-history";
import { daysAfter, daysBefore, type Step } from "./step";
import { findSubscriptionId, readAgain, setRenewal, subscribe } from "./subscribe";

const NAME = "pastdue";
const USED_FOR_DAYS = 30;
/** A light user. */
const SHARE_OF_TYPICAL_USE = 0.5;

/** pastdue@demo.test: its renewal failed halfway through the grace period ago, and has been retried since. */
export function pastDueAccount(
  { cheapestOffer: offer, graceDays, autoRenews }: Cast,
  present: Date,
  random: Random,
): Step[] {
  if (!offer) {
    return [{ at: daysBefore(present, 30), run: async (ctx) => void (await createPerson(ctx, NAME)) }];
  }
  const signedUpAt = signUpForRenewalAt(offer, daysBefore(present, graceDays / 2));
  const trialEnd = paidPeriodEnd(offer, signedUpAt, 0);
  const renewal = paidPeriodEnd(offer, signedUpAt, 1);
  const uses = drawUses(random, {
    name: NAME,
    plan: offer.plan,
    from: daysBefore(renewal, USED_FOR_DAYS),
    to: present,
    share: SHARE_OF_TYPICAL_USE,
  });
  const record =
    (from: Date, to: Date): Step["run"] =>
    async (ctx) => {
      const { customerId, userId } = await findPerson(ctx, NAME);
      const between = uses.filter(({ at }) => from <= at && at < to);
      await recordUses(ctx, { customerId, userIds: [userId] }, between);
    };
  const look: Step["run"] = async (ctx) => readAgain(ctx, (await findPerson(ctx, NAME)).customerId);
  return [
    {
      at: signedUpAt,
      run: async (ctx) => {
        const { customerId } = await createPerson(ctx, NAME);
        await subscribe(ctx, customerId, offer);
        if (!autoRenews) await setRenewal(ctx, customerId, true);
      },
    },
    { at: daysAfter(trialEnd, COLLECTED_AFTER_DAYS), run: look },
    {
      at: daysBefore(renewal, 7),
      run: async (ctx) => {
        const { customerId } = await findPerson(ctx, NAME);
        await failNextCharge(ctx.stripe, (await findSubscriptionId(ctx, customerId)) ?? "");
      },
    },
    { at: new Date(renewal.getTime() - 60_000), run: record(trialEnd, renewal) },
    { at: daysAfter(renewal, COLLECTED_AFTER_DAYS), run: look },
    { at: present, run: look },
    { at: present, run: record(renewal, present) },
  ];
}

/**
 * Month ends are clamped, so a renewal may come out some days before the day it was counted back from. A later day, of
 * the next month, is then taken: what failed must not have failed too long ago.
 */
function signUpForRenewalAt(offer: Offer, wanted: Date): Date {
  for (let days = 0; days < 3; days += 1) {
    const renewal = daysAfter(wanted, days);
    const signedUpAt = signUpBefore(offer, renewal, 1);
    if (paidPeriodEnd(offer, signedUpAt, 1).getTime() === renewal.getTime()) return signedUpAt;
  }
  return signUpBefore(offer, daysAfter(wanted, 3), 1);
}
