import { createPerson, findPerson } from "./create-person";
import { COLLECTED_AFTER_DAYS, paidPeriodEnd, periodDays, signUpBefore } from "./paid-periods";
import type { Cast, Offer } from "./pick-plans";
import type { Random } from "./random";
import { drawUses, recordUses } from "./record-history";
import { daysAfter, daysBefore, type Step } from "./step";
import { readAgain, setRenewal, subscribe } from "./subscribe";

const NAME = "pro";
/** Two paid invoices and more than two months of use must fit in. */
const HISTORY_DAYS = 70;
/** How far it is into its current period, at most; a third of shorter ones. */
const INTO_PERIOD_DAYS = 30;

/** pro@demo.test: on the cheapest paid plan since its trial, renewed at least once, in the middle of a period. */
export function proAccount(
  { cheapestOffer: offer, autoRenews }: Cast,
  present: Date,
  random: Random,
): Step[] {
  if (!offer) return [{ at: daysBefore(present, 30), run: signUp }];
  const { periods, signedUpAt } = planHistory(offer, present);
  const trialEnd = paidPeriodEnd(offer, signedUpAt, 0);
  const renewals = Array.from({ length: periods }, (_, index) => paidPeriodEnd(offer, signedUpAt, index + 1));
  const bounds = [signedUpAt, ...(offer.plan.trial ? [trialEnd] : []), ...renewals];
  const usedFrom = new Date(Math.max(signedUpAt.getTime(), daysBefore(present, HISTORY_DAYS).getTime()));
  // Drawn whole, before any of it happens, and recorded period by period, while the period is the current one.
  const uses = drawUses(random, { name: NAME, plan: offer.plan, from: usedFrom, to: present });
  return bounds.flatMap((begin, index): Step[] => {
    const end = bounds[index + 1] ?? present;
    const isLast = index === bounds.length - 1;
    return [
      index === 0
        ? {
            at: begin,
            run: async (ctx) => {
              const { customerId } = await createPerson(ctx, NAME);
              await subscribe(ctx, customerId, offer);
              if (!autoRenews) await setRenewal(ctx, customerId, true);
            },
          }
        : {
            at: daysAfter(begin, COLLECTED_AFTER_DAYS),
            run: async (ctx) => readAgain(ctx, (await findPerson(ctx, NAME)).customerId),
          },
      {
        // A minute before the period ends, as the clock goes on while the world is made.
        at: isLast ? present : new Date(end.getTime() - 60_000),
        run: async (ctx) => {
          const { customerId, userId } = await findPerson(ctx, NAME);
          const inPeriod = uses.filter(({ at }) => begin <= at && at < end);
          await recordUses(ctx, { customerId, userIds: [userId] }, inPeriod);
          if (isLast && !autoRenews) await setRenewal(ctx, customerId, false);
        },
      },
    ];
  });
}

async function signUp(ctx: Parameters<Step["run"]>[0]): Promise<void> {
  await createPerson(ctx, NAME);
}

function planHistory(offer: Offer, present: Date): { periods: number; signedUpAt: Date } {
  const length = periodDays(offer);
  const intoPeriod = Math.min(INTO_PERIOD_DAYS, length / 3);
  const periods = Math.max(1, Math.ceil((HISTORY_DAYS - intoPeriod) / length));
  return { periods, signedUpAt: signUpBefore(offer, daysBefore(present, intoPeriod), periods) };
}
