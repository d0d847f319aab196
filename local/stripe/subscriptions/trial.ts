import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { planDue } from "@/local/stripe/time/due";

const DAY_SECONDS = 24 * 60 * 60;

/** https://docs.stripe.com/billing/subscriptions/trials/free-trials */
const LONGEST_TRIAL_SECONDS = 730 * DAY_SECONDS;

/** Stripe tells three days before a trial ends. https://docs.stripe.com/billing/subscriptions/trials/free-trials */
const REMINDER_SECONDS = 3 * DAY_SECONDS;

/** When the trial ends, or null for none. A trial is given in days or as its end, not both. */
export function readTrialEnd(
  context: Context,
  params: { trial_end?: number; trial_period_days?: number },
  paramPath = "",
): number | null {
  const param = (name: string) => (paramPath === "" ? name : `${paramPath}[${name}]`);
  if (params.trial_end !== undefined && params.trial_period_days !== undefined) {
    const message = "You may only specify one of these parameters: trial_end, trial_period_days.";
    throw invalidRequest(message, { param: param("trial_period_days") });
  }
  if (params.trial_period_days !== undefined) return context.now + params.trial_period_days * DAY_SECONDS;
  if (params.trial_end === undefined) return null;
  checkTrialEnd(context, params.trial_end, param("trial_end"));
  return params.trial_end;
}

/** @throws StripeApiError for a trial that ends in the past or is too long. */
export function checkTrialEnd(context: Context, trialEnd: number, param = "trial_end"): void {
  if (trialEnd <= context.now) {
    throw invalidRequest("Invalid timestamp: must be an integer Unix timestamp in the future.", { param });
  }
  if (trialEnd > context.now + LONGEST_TRIAL_SECONDS) {
    throw invalidRequest("Invalid timestamp: can be no more than two years in the future.", { param });
  }
}

/** Plans `customer.subscription.trial_will_end`: three days before the end, or at once in a shorter trial. */
export function planTrialReminder(context: Context, subscription: Stripe.Subscription): void {
  if (subscription.trial_end === null) return;
  const at = Math.max(context.now, subscription.trial_end - REMINDER_SECONDS);
  planDue(context.store, { at, kind: "tell_trial_will_end", objectId: subscription.id });
}
