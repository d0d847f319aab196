import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { applyDiscountParams } from "@/local/stripe/discounts/apply-discount-params";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getAttachedPaymentMethod } from "@/local/stripe/payment-methods/attach-payment-method";
import { getByPath, idOf } from "@/local/stripe/references";
import { planDue } from "@/local/stripe/time/due";
import { createAddedItems, readAddedItems } from "./add-invoice-items";
import { draftChange, leavePending, settleDebits } from "./bill-change";
import { automaticTaxOf } from "./build-subscription";
import { collectChange, type PaymentBehavior } from "./collect-change";
import { checkDaysUntilDue, readInvoiceSettings, readTrialSettings } from "./create-subscription";
import { hasEnded } from "./list-live-subscriptions";
import { recordPriceTimes } from "./metered-usage";
import { cancelPendingUpdate, checkPendingUpdateParams, deferUntilPaid } from "./pending-update";
import { type Change, planChange } from "./plan-change";
import { planPeriodEnd } from "./plan-period-end";
import { readTaxRates } from "./read-items";
import { planCancellation, withCancellation } from "./schedule-cancellation";
import { saveSecrets } from "./secrets";
import type { subscriptionUpdateParams } from "./subscription-params";
import { planTrialReminder } from "./trial";

export type UpdateParams = ParamsOf<typeof subscriptionUpdateParams>;

/**
 * Changes a subscription: its settings, its announced end, and what it bills. https://docs.stripe.com/api/subscriptions/update
 * @param isBySchedule whether the subscription's schedule asks for it.
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
  // What waits for its payment is overtaken by the next change of what is billed.
  const before = stored.pending_update && bills(params) ? cancelPendingUpdate(context, stored) : stored;
  const withFields = changeFields(context, before, params);
  const change = planChange(context, withFields, params);
  const added = readAddedItems(context, params.add_invoice_items);
  createAddedItems(context, change.after, added);
  applyChange(
    context,
    before,
    change,
    params.payment_behavior ?? "allow_incomplete",
    params.off_session ?? false,
  );
  planAfterUpdate(context, before, params);
  return getByPath(context, "subscription", id);
}

/**
 * Makes a change and bills it, now or with the next invoice. With `pending_if_incomplete` it is made once it is paid.
 * @param before the subscription as it is stored; `change.before` may carry other new fields.
 */
export function applyChange(
  context: Context,
  before: Stripe.Subscription,
  change: Change,
  behavior: PaymentBehavior,
  isOffSession: boolean,
): void {
  if (change.isInvoicedNow && behavior === "pending_if_incomplete") {
    const applyAtOnce = () => applyAndCollect(context, before, change, "allow_incomplete", isOffSession);
    deferUntilPaid(context, before, change, applyAtOnce);
    return;
  }
  recordPriceTimes(context, before, change.after);
  if (!change.isInvoicedNow) {
    save(context, before, change.after);
    leavePending(context, change);
    replan(context, change);
    return;
  }
  applyAndCollect(context, before, change, behavior, isOffSession);
}

function applyAndCollect(
  context: Context,
  before: Stripe.Subscription,
  change: Change,
  behavior: PaymentBehavior,
  isOffSession: boolean,
): Stripe.Invoice {
  const invoiceId = newId("in");
  const after = { ...change.after, latest_invoice: invoiceId };
  save(context, before, after);
  replan(context, change);
  const invoice = draftChange(context, { ...change, after }, invoiceId);
  settleDebits(context, invoice, change);
  return collectChange(context, invoice, behavior, isOffSession);
}

function bills({ items, trial_end: trialEnd, billing_cycle_anchor: anchor }: UpdateParams): boolean {
  return items !== undefined || trialEnd !== undefined || anchor?.type === "now";
}

function save(context: Context, before: Stripe.Subscription, after: Stripe.Subscription): void {
  saveAndTell(context, "subscription", after, before, "customer.subscription.updated");
}

/** New periods, or a new item with an earlier end, move what the clock has to do. */
function replan(context: Context, { after }: Change): void {
  if (["trialing", "active", "past_due", "unpaid"].includes(after.status)) planPeriodEnd(context, after);
}

function changeFields(
  context: Context,
  before: Stripe.Subscription,
  params: UpdateParams,
): Stripe.Subscription {
  const method = params.default_payment_method;
  if (method !== undefined) {
    getAttachedPaymentMethod(context, method, idOf(before.customer), "default_payment_method");
  }
  const withFields: Stripe.Subscription = {
    ...before,
    automatic_tax: params.automatic_tax ? automaticTaxOf(params.automatic_tax.enabled) : before.automatic_tax,
    ...collectionFields(before, params),
    default_payment_method: method ?? before.default_payment_method,
    default_tax_rates:
      params.default_tax_rates === undefined
        ? (before.default_tax_rates ?? [])
        : readTaxRates(context, params.default_tax_rates ?? [], "default_tax_rates"),
    description: params.description === undefined ? before.description : params.description,
    discounts: changeDiscounts(context, before, params),
    invoice_settings: { ...before.invoice_settings, ...readInvoiceSettings(params.invoice_settings) },
    metadata: mergeMetadata(before.metadata, params.metadata),
    pause_collection:
      params.pause_collection === undefined
        ? before.pause_collection
        : params.pause_collection && {
            behavior: params.pause_collection.behavior,
            resumes_at: readResumesAt(context, params.pause_collection.resumes_at),
          },
    trial_settings: params.trial_settings ? readTrialSettings(params.trial_settings) : before.trial_settings,
    payment_settings: before.payment_settings && {
      ...before.payment_settings,
      save_default_payment_method:
        params.payment_settings?.save_default_payment_method ??
        before.payment_settings.save_default_payment_method,
    },
  };
  return withNote(withCancellation(context, withFields, params), params.cancellation_details);
}

function collectionFields(
  before: Stripe.Subscription,
  params: UpdateParams,
): Pick<Stripe.Subscription, "collection_method" | "days_until_due"> {
  const method = params.collection_method ?? before.collection_method;
  checkDaysUntilDue({ ...params, collection_method: method });
  const days = params.days_until_due ?? before.days_until_due ?? 30;
  return { collection_method: method, days_until_due: method === "send_invoice" ? days : null };
}

/** A list replaces them, an empty string clears them. */
function changeDiscounts(
  context: Context,
  before: Stripe.Subscription,
  { discounts }: UpdateParams,
): (string | Stripe.Discount)[] {
  if (discounts === undefined) return before.discounts;
  return applyDiscountParams(context, discounts ?? [], {
    customer: idOf(before.customer),
    currency: before.currency,
    subscription: before.id,
    amount: null,
    current: before.discounts.map(idOf),
  });
}

function readResumesAt(context: Context, at: number | undefined): number | null {
  if (at === undefined) return null;
  if (at > context.now) return at;
  throw invalidRequest("`resumes_at` must be in the future.", { param: "pause_collection[resumes_at]" });
}

function withNote(
  subscription: Stripe.Subscription,
  note: UpdateParams["cancellation_details"],
): Stripe.Subscription {
  if (!note) return subscription;
  const before = subscription.cancellation_details;
  return {
    ...subscription,
    cancellation_details: {
      comment: note.comment === undefined ? (before?.comment ?? null) : note.comment,
      feedback: note.feedback === undefined ? (before?.feedback ?? null) : note.feedback,
      feedback_option: null,
      reason: before?.reason ?? null,
    },
  };
}

/** What the clock has to do for the subscription's own fields. */
function planAfterUpdate(context: Context, before: Stripe.Subscription, params: UpdateParams): void {
  const after = getByPath(context, "subscription", before.id);
  if (after.cancel_at !== before.cancel_at) {
    planCancellation(context, after);
    const isProrated = (params.proration_behavior ?? "create_prorations") !== "none";
    saveSecrets(context, after.id, { proratesAtEnd: isProrated });
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
  if (bills(params) && subscription.status === "incomplete") {
    throw invalidRequest(
      "This subscription cannot be updated in this state: it is incomplete until its first invoice is paid.",
      { param: params.items ? "items" : "billing_cycle_anchor" },
    );
  }
  if (params.trial_end === "now" && subscription.status !== "trialing") {
    throw invalidRequest("`trial_end` can only be `now` while the subscription is trialing.", {
      param: "trial_end",
    });
  }
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
