import type Stripe from "stripe";
import { invalidRequest, type StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { RETRY_AFTER_DAYS } from "@/local/stripe/invoices/retry-schedule";
import type { Lab } from "@/local/stripe/lab/lab";
import { nounOf } from "@/local/stripe/references";
import { findObject, queryRows } from "@/local/stripe/store/store";
import type { StoredObjects } from "@/local/stripe/store/stored-objects";
import { businessTimeOf } from "@/local/stripe/time/business-time";
import type { DueKind } from "@/local/stripe/time/due";

const DAY_SECONDS = 24 * 60 * 60;
/** A renewal's invoice is a draft for so long. */
const DRAFT_SECONDS = 60 * 60;

/** A moment in the life of an object, by its id. One of them is given. */
export type Moment = { end_of_retries?: string; next_renewal?: string; trial_end?: string };

/**
 * When it comes, in unix seconds: a renewal and a trial's end when their invoice was charged, an hour after the period
 * ended; the end of retries when the last one was made.
 * @throws StripeApiError 400 when it will not come, or comes by a test clock.
 */
export function momentOf(lab: Lab, moment: Moment): number {
  const { end_of_retries: invoice, next_renewal: renewed, trial_end: tried } = moment;
  const given = [invoice, renewed, tried].filter((id) => id !== undefined);
  if (given.length !== 1) {
    throw refused("Give one of `next_renewal`, `trial_end` and `end_of_retries`.", "to");
  }
  if (renewed !== undefined) return renewalOf(lab, get(lab, "subscription", renewed, "next_renewal"));
  if (tried !== undefined) return trialEndOf(get(lab, "subscription", tried, "trial_end"));
  return endOfRetries(get(lab, "invoice", invoice ?? "", "end_of_retries"));
}

function renewalOf(lab: Lab, subscription: Stripe.Subscription): number {
  const at = dueAt(lab, subscription.id, "renew_subscription") ?? dueAt(lab, subscription.id, "end_trial");
  if (at !== null) return at + DRAFT_SECONDS;
  throw refused(
    `The subscription ${subscription.id} is ${subscription.status} and will not be renewed.`,
    "to[next_renewal]",
  );
}

function trialEndOf({ id, status, trial_end: at }: Stripe.Subscription): number {
  if (status === "trialing" && at !== null) return at + DRAFT_SECONDS;
  throw refused(`The subscription ${id} is ${status}, not in a trial.`, "to[trial_end]");
}

function endOfRetries({
  id,
  status,
  attempt_count: attempts,
  next_payment_attempt: next,
}: Stripe.Invoice): number {
  if (status === "open" && next !== null) {
    // The coming attempt is the first of those that are left.
    const days = RETRY_AFTER_DAYS.slice(attempts).reduce((sum, each) => sum + each, 0);
    return next + days * DAY_SECONDS;
  }
  throw refused(`The invoice ${id} is ${status} and is not going to be tried again.`, "to[end_of_retries]");
}

function dueAt(lab: Lab, objectId: string, kind: DueKind): number | null {
  const sql = "select at from due where object_id = ? and kind = ?";
  return queryRows<{ at: number }>(lab.store, sql, objectId, kind)[0]?.at ?? null;
}

function get<T extends "invoice" | "subscription">(
  lab: Lab,
  type: T,
  id: string,
  name: keyof Moment,
): StoredObjects[T] {
  const object = findObject(lab.store, type, id);
  if (!object) throw refused(`No such ${nounOf(type)}: '${id}'`, `to[${name}]`);
  const { testClock } = businessTimeOf(lab.store, [id]);
  if (testClock === null) return object;
  throw refused(`${id} lives by the test clock ${testClock}; advance that one.`, `to[${name}]`);
}

function refused(message: string, param: string): StripeApiError {
  return invalidRequest(message, { param });
}
