import { intervalMonths } from "@/lib/domain/money";
import { addMonths } from "@/lib/domain/period";
import type { Offer } from "./pick-plans";
import { daysBefore } from "./step";

/** Collected an hour after the period's end; read when that is surely over. */
export const COLLECTED_AFTER_DAYS = 2 / 24;

/** When one signs up whose paid periods, so many of them, end at the moment, after the trial the plan has. */
export function signUpBefore({ plan, price }: Offer, periodEnd: Date, periods: number): Date {
  const anchor = addMonths(periodEnd, -intervalMonths(price) * periods);
  return daysBefore(anchor, plan.trial?.days ?? 0);
}

/** The end of one's n-th paid period. */
export function paidPeriodEnd({ plan, price }: Offer, signedUpAt: Date, periods: number): Date {
  const anchor = daysBefore(signedUpAt, -(plan.trial?.days ?? 0));
  return addMonths(anchor, intervalMonths(price) * periods);
}

/** The length of a period in days, a month taken as 30. */
export function periodDays({ price }: Offer): number {
  return intervalMonths(price) * 30;
}
