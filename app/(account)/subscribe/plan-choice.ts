import { z } from "zod";

/**
 * What a form or a link may say about what is to be bought: which plan, which of its intervals and in which currency.
 * Strict: an amount of the visitor's own is refused.
 */
export const PlanChoice = z.strictObject({
  plan: z.string().min(1).max(100),
  interval: z.enum(["month", "year"]),
  interval_count: z.coerce.number().int().min(1).max(12),
  currency: z
    .string()
    .regex(/^[a-z]{3}$/)
    .optional(),
});

export type PlanChoice = z.infer<typeof PlanChoice>;

/** The page that shows a choice once more, where whoever had to sign in first comes back to. */
export function subscribePath({ plan, interval, interval_count, currency }: PlanChoice): string {
  const choice = {
    plan,
    interval,
    interval_count: String(interval_count),
    ...(currency ? { currency } : {}),
  };
  return `/subscribe?${new URLSearchParams(choice)}`;
}
