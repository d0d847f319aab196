import type { PlanPrice } from "./catalogue";
import { intervalMonths } from "./money";

/** What something costs, as minor units for a number of months: a fraction, so that costs are compared exactly. (K-13) */
export type MonthlyCost = { minor: bigint; months: bigint };

/** Null = nothing is paid. */
export function monthlyCost(
  price: Pick<PlanPrice, "amountMinor" | "interval" | "intervalCount"> | null,
): MonthlyCost {
  return { minor: BigInt(price?.amountMinor ?? 0), months: BigInt(price ? intervalMonths(price) : 1) };
}

/** Negative where `a` costs less a month than `b`. */
export function compareMonthlyCosts(a: MonthlyCost, b: MonthlyCost): number {
  const [left, right] = [a.minor * b.months, b.minor * a.months];
  return left < right ? -1 : Number(left > right);
}

/** By how many minor units a month `less` is the cheaper one, rounded down: no more is promised than is saved. */
export function monthlySavingMinor(more: MonthlyCost, less: MonthlyCost): number {
  return Number((more.minor * less.months - less.minor * more.months) / (more.months * less.months));
}
