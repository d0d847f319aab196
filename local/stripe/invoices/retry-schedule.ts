import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { planDue } from "@/local/stripe/time/due";

const DAY_SECONDS = 24 * 60 * 60;

/**
 * Days from a failed attempt to the next one: the custom schedule Stripe's settings offer, up to three retries.
 * Smart Retries choose times of their own, which nobody can foresee.
 * https://docs.stripe.com/billing/revenue-recovery/smart-retries#custom-retry-schedule
 */
export const RETRY_AFTER_DAYS = [3, 5, 7];

/** When a failed invoice is tried again; null when that was the last time, or nobody collects it by itself. */
export function retryAfter(context: Context, invoice: Stripe.Invoice): number | null {
  const days = RETRY_AFTER_DAYS[invoice.attempt_count - 1];
  return !invoice.auto_advance || days === undefined ? null : context.now + days * DAY_SECONDS;
}

/** Whether Stripe has tried as often as it does and will not try again. */
export function hasRunOutOfRetries(invoice: Stripe.Invoice): boolean {
  const { attempt_count: attempts, next_payment_attempt: next } = invoice;
  const isCharged = invoice.collection_method === "charge_automatically";
  return invoice.status === "open" && isCharged && next === null && attempts > RETRY_AFTER_DAYS.length;
}

/** Makes the clock try the invoice again when it says. */
export function planRetry(context: Context, { id, next_payment_attempt: at }: Stripe.Invoice): void {
  if (at !== null) planDue(context.store, { at, kind: "retry_payment", objectId: id });
}
