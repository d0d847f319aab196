import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { getByPath, idOf } from "@/local/stripe/references";
import { planDue } from "@/local/stripe/time/due";
import { createAddedItems, readAddedItems } from "./add-invoice-items";
import { applyChange } from "./apply-change";
import { cancelWhenAnnounced } from "./cancel-subscription";
import { changeFields } from "./change-fields";
import { hasEnded } from "./list-live-subscriptions";
import { cancelPendingUpdate, checkPendingUpdateParams } from "./pending-update";
import { planChange } from "./plan-change";
import { planCancellation } from "./schedule-cancellation";
import type { subscriptionUpdateParams } from "./subscription-params";
import { planTrialReminder } from "./trial";

export type UpdateParams = ParamsOf<typeof subscriptionUpdateParams>;

/**
 * Changes a subscription: its settings, its announced end, and what it bills. https://docs.stripe.com/api/subscriptions/update
 * @param isBySchedule whether the subscription's schedule asks for it: it announces ends, and what it promised earlier
 *   may be archived by now.
 * @throws StripeApiError naming the parameter; 402 when `error_if_incomplete` meets a card that is declined.
 */
export function updateSubscription(
  context: Context,
  id: string,
  params: UpdateParams,
  isBySchedule = false,
): Stripe.Subscription {
  const stored = getByPath(context, "subscription", id);
  checkMayChange(stored, params);
  if (!isBySchedule) checkSchedule(stored, params);
  if (params.payment_behavior === "pending_if_incomplete") checkPendingUpdateParams(stored, params);
  const added = readAddedItems(context, params.add_invoice_items);
  // What waited for another payment is overtaken by the next change of what is billed.
  const isOvertaken = stored.pending_update !== null && BILLING_PARAMS.some((name) => name in params);
  const before = isOvertaken ? cancelPendingUpdate(context, stored) : stored;
  const withFields = changeFields(context, before, params, isBySchedule);
  const change = planChange(context, withFields, params, {
    movesEnd: withFields.cancel_at !== before.cancel_at,
    takesArchived: isBySchedule,
  });
  createAddedItems(context, change.after, added);
  const { payment_behavior: behavior = "allow_incomplete", off_session: isOffSession = false } = params;
  applyChange(context, before, change, behavior, isOffSession);
  planAfterUpdate(context, before);
  return getByPath(context, "subscription", id);
}

/** What changes what is billed. */
const BILLING_PARAMS = [
  "billing_cycle_anchor",
  "cancel_at",
  "items",
  "trial_end",
] satisfies (keyof UpdateParams)[];

/** What the clock has to do for the subscription's own fields. */
function planAfterUpdate(context: Context, before: Stripe.Subscription): void {
  const after = getByPath(context, "subscription", before.id);
  if (after.cancel_at !== before.cancel_at) planCancellation(context, after);
  // The period of a paused subscription is over already.
  if (after.cancel_at !== null && after.cancel_at <= context.now) {
    cancelWhenAnnounced(context, after);
    return;
  }
  if (after.trial_end !== before.trial_end && after.status === "trialing") planTrialReminder(context, after);
  const resumesAt = after.pause_collection?.resumes_at ?? null;
  if (resumesAt !== null && resumesAt !== before.pause_collection?.resumes_at) {
    planDue(context.store, { at: resumesAt, kind: "resume_collection", objectId: after.id });
  }
}

/** @throws StripeApiError for a change that the subscription's status does not allow. */
function checkMayChange(subscription: Stripe.Subscription, params: UpdateParams): void {
  const { metadata, cancellation_details, ...others } = params;
  if (hasEnded(subscription) && Object.keys(others).length > 0) {
    throw invalidRequest(
      "A canceled subscription can only update its cancellation_details and metadata. " +
        `The subscription ${subscription.id} is ${subscription.status}.`,
    );
  }
  if (subscription.status === "incomplete") checkMayChangeIncomplete(params);
  if (subscription.status === "paused") checkMayChangePaused(params);
  if (params.trial_end === "now" && subscription.status !== "trialing") {
    throw invalidRequest("`trial_end` can only be `now` while the subscription is trialing.", {
      param: "trial_end",
    });
  }
}

/** Nothing that makes an invoice or an invoice item. https://docs.stripe.com/billing/collection-method#failed-incomplete-subscriptions */
function checkMayChangeIncomplete(params: UpdateParams): void {
  const movesAnchor = params.billing_cycle_anchor?.type === "now";
  const param = (["add_invoice_items", "cancel_at", "items", "trial_end"] as const).find(
    (name) => params[name] !== undefined,
  );
  if (param === undefined && !movesAnchor) return;
  throw invalidRequest(
    "This subscription cannot be updated in this state: it is incomplete until its first invoice is paid.",
    { param: param ?? "billing_cycle_anchor" },
  );
}

/** Periods begin anew when it is resumed. https://docs.stripe.com/billing/subscriptions/trials/free-trials */
function checkMayChangePaused(params: UpdateParams): void {
  const movesAnchor = params.billing_cycle_anchor?.type === "now";
  if (params.trial_end === undefined && !movesAnchor) return;
  throw invalidRequest("A paused subscription must be resumed before its billing period can be changed.", {
    param: movesAnchor ? "billing_cycle_anchor" : "trial_end",
  });
}

/** @throws StripeApiError for an end that is the schedule's to announce. */
function checkSchedule({ schedule }: Stripe.Subscription, params: UpdateParams): void {
  const param = (["cancel_at", "cancel_at_period_end"] as const).find((name) => params[name] !== undefined);
  if (schedule === null || param === undefined) return;
  throw invalidRequest(
    `The subscription is managed by the subscription schedule \`${idOf(schedule)}\`, and updating any cancelation ` +
      "behavior directly is not allowed. Please update the schedule instead.",
    { param },
  );
}
