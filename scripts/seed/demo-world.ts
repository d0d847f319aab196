import type { Context } from "@/lib/context";
import { DEMO_ACCOUNTS, demoAddress } from "@/lib/domain/demo-account";
import { readClockOffset } from "@/lib/read-clock-offset";
import { jumpToPresent, startClockAt } from "@/local/testing/lab-driver";
import { createPerson } from "./create-person";
import { freeAccount, reachLimit } from "./free-account";
import { hearEvents } from "./hear-events";
import { liveThrough } from "./live-through";
import { periodDays } from "./paid-periods";
import { pastDueAccount } from "./past-due-account";
import { type Cast, pickPlans } from "./pick-plans";
import { proAccount } from "./pro-account";
import { randomFor } from "./random";
import { daysAfter, daysBefore } from "./step";
import { subscribe } from "./subscribe";
import { foundTeam, team } from "./team";

/** One number decides everything that is drawn. */
export const DEFAULT_SEED = 20_261_121;

/** What has become of the demo world: made now, there already, or only as far as the present allows. */
export type DemoWorld = "lived" | "complete" | "present only";

/**
 * Makes the demo world: in the past, with the local Stripe's clock, and up to the present. Safe to run again: what is
 * complete is left alone, and what died half-way goes on. Where the local Stripe has customers of its own, its time
 * cannot begin anew, and there are accounts without a history.
 */
export async function makeDemoWorld(
  ctx: Context,
  stripeUrl: string,
  { seed, present }: { seed: number; present: Date },
): Promise<DemoWorld> {
  const cast = await pickPlans(ctx);
  const found = await findDemoAccounts(ctx);
  if (found.isComplete) return "complete";
  const length = worldDays(cast);
  const beginning = found.beginning ?? daysBefore(present, length);
  const end = daysAfter(beginning, length);
  // Accounts that are there without having begun so long ago were made without a history.
  const canLive = found.any
    ? found.beginning !== null && end <= new Date()
    : await beginAt(stripeUrl, beginning);
  if (!canLive) {
    await makePresentOnly(ctx, cast);
    return "present only";
  }
  await liveThrough(ctx, stripeUrl, [
    { at: beginning, run: async (then) => void (await createPerson(then, "admin")) },
    ...proAccount(cast, end, randomFor(seed, "pro")),
    ...pastDueAccount(cast, end, randomFor(seed, "pastdue")),
    ...team(cast, end, randomFor(seed, "team")),
    ...freeAccount(cast, end, randomFor(seed, "free")),
  ]);
  await jumpToPresent(stripeUrl);
  await hearEvents({ ...ctx, now: new Date() });
  await complete(ctx);
  return "lived";
}

/** Brings the local Stripe out of a past in which nobody lives on. */
export async function leaveThePast(ctx: Context, stripeUrl: string): Promise<void> {
  if ((await readClockOffset(ctx.env)) < 0) await jumpToPresent(stripeUrl);
}

/** More than any story takes: two periods of the longest kind, its trial, and two months. */
export function worldDays({ cheapestOffer: offer }: Cast): number {
  return offer ? 2 * Math.ceil(periodDays(offer) * 1.04) + (offer.plan.trial?.days ?? 0) + 75 : 75;
}

/** The admin is the first to be made, and gets the platform last: in between a world is under way. */
async function findDemoAccounts(
  ctx: Context,
): Promise<{ any: boolean; isComplete: boolean; beginning: Date | null }> {
  const accounts = await ctx.db.user.findMany({ where: { email: { in: [...DEMO_ACCOUNTS] } } });
  const admin = accounts.find(({ email }) => email === demoAddress("admin"));
  return {
    any: accounts.length > 0,
    isComplete: accounts.length === DEMO_ACCOUNTS.length && admin?.isPlatformAdmin === true,
    beginning: admin && !admin.isPlatformAdmin ? admin.createdAt : null,
  };
}

async function complete(ctx: Context): Promise<void> {
  await ctx.db.user.update({ where: { email: demoAddress("admin") }, data: { isPlatformAdmin: true } });
}

/** Whether time could be begun there. */
async function beginAt(stripeUrl: string, moment: Date): Promise<boolean> {
  try {
    await startClockAt(stripeUrl, moment);
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes("start_at")) return false;
    throw error;
  }
}

/** Everybody, as of now: the free account at its limit, the paid ones just subscribed, nobody past due. */
async function makePresentOnly(ctx: Context, { cheapestOffer, highestOffer }: Cast): Promise<void> {
  await createPerson(ctx, "admin");
  const { customerId } = await createPerson(ctx, "pro");
  if (cheapestOffer) await subscribe(ctx, customerId, cheapestOffer);
  await createPerson(ctx, "pastdue");
  const group = await foundTeam(ctx);
  if (highestOffer) await subscribe(ctx, group.customerId, highestOffer);
  await reachLimit(ctx, await createPerson(ctx, "free"));
  await complete(ctx);
}
