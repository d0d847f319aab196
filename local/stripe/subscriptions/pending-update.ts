import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { findMethodToCharge } from "@/local/stripe/invoices/collect-invoice";
import { finalizeInvoice } from "@/local/stripe/invoices/finalize-invoice";
import { payInvoice } from "@/local/stripe/invoices/pay-invoice";
import { voidInvoice } from "@/local/stripe/invoices/void-invoice";
import { getByPath } from "@/local/stripe/references";
import { saveObject, tentatively } from "@/local/stripe/store/store";
import { forgetDue, planDue } from "@/local/stripe/time/due";
import { billWaitingChange } from "./bill-change";
import { currentPeriodEnd } from "./item-periods";
import { settleUsage } from "./metered-usage";
import type { Change } from "./plan-change";
import { planPeriodEnd } from "./plan-period-end";
import { readSecrets, saveSecrets } from "./secrets";
import { settleWaitingDebits } from "./settle-waiting-debits";
import { planTrialReminder } from "./trial";
import type { UpdateParams } from "./update-subscription";

/** How long an update waits for its payment; it never outlives the period. */
const WAIT_SECONDS = 23 * 60 * 60;

/** https://docs.stripe.com/billing/subscriptions/pending-updates-reference#supported-attributes */
const SUPPORTED_PARAMS: readonly string[] = [
  "add_invoice_items",
  "billing_cycle_anchor",
  "items",
  "metadata",
  "off_session",
  "payment_behavior",
  "proration_behavior",
  "proration_date",
  "trial_end",
] satisfies (keyof UpdateParams)[];

/** @throws StripeApiError naming a parameter an update that waits for payment does not take. */
export function checkPendingUpdateParams(before: Stripe.Subscription, params: UpdateParams): void {
  const [other] = Object.keys(params).filter((name) => !SUPPORTED_PARAMS.includes(name));
  if (other !== undefined) {
    throw invalidRequest(
      `When \`payment_behavior\` is set to \`pending_if_incomplete\`, you cannot pass \`${other}\`. ` +
        "See https://docs.stripe.com/billing/subscriptions/pending-updates-reference for the supported parameters.",
      { param: other },
    );
  }
  if (before.collection_method !== "charge_automatically") {
    throw invalidRequest(
      "`pending_if_incomplete` can only be used with `collection_method=charge_automatically`.",
      { param: "payment_behavior" },
    );
  }
}

/**
 * Bills a change and makes it once it is paid: at once if the card is good, else the change waits in `pending_update` and
 * the subscription goes on as if nobody had asked. https://docs.stripe.com/billing/subscriptions/pending-updates
 */
export function deferUntilPaid(
  context: Context,
  before: Stripe.Subscription,
  change: Change,
  isOffSession: boolean,
  applyAtOnce: () => Stripe.Invoice,
): void {
  if (tentatively(context.store, () => applyAtOnce().status === "paid")) return;
  const invoiceId = newId("in");
  const { after } = change;
  const expiresAt = Math.min(context.now + WAIT_SECONDS, currentPeriodEnd(before));
  const isMoved = after.billing_cycle_anchor !== before.billing_cycle_anchor;
  const waiting: Stripe.Subscription = {
    ...before,
    latest_invoice: invoiceId,
    pending_update: {
      billing_cycle_anchor: isMoved ? after.billing_cycle_anchor : null,
      cancel_at_period_end: null,
      discount: null,
      discounts: null,
      expires_at: expiresAt,
      metadata: JSON.stringify(after.metadata) === JSON.stringify(before.metadata) ? null : after.metadata,
      subscription_items: after.items.data,
      trial_end: after.trial_end !== before.trial_end ? after.trial_end : null,
      trial_from_plan: null,
    },
  };
  saveObject(context.store, "subscription", waiting);
  // Usage that is billed with an update nobody pays for is not billed again.
  // https://docs.stripe.com/billing/subscriptions/pending-updates#metered-items
  settleUsage(context, before.id, change.settledUsage);
  const billed = { ...change, after: { ...after, latest_invoice: invoiceId } };
  const { invoice: draft, prorations } = billWaitingChange(context, billed, invoiceId);
  saveSecrets(context, before.id, {
    waiting: {
      kind: "pending_update",
      invoice: invoiceId,
      takesEffectOnAttempt: false,
      settled: change.settled,
      prorations,
      after: {
        billing_cycle_anchor: after.billing_cycle_anchor,
        items: after.items,
        metadata: after.metadata,
        status: after.status,
        trial_end: after.trial_end,
        trial_start: after.trial_start,
      },
    },
  });
  const invoice = finalizeInvoice(context, draft);
  payInvoice(context, invoice, findMethodToCharge(context, invoice), { isOffSession });
  planDue(context.store, { at: expiresAt, kind: "expire_pending_update", objectId: before.id });
  saveAndTell(context, "subscription", waiting, before, "customer.subscription.updated");
}

/** The invoice was paid: the update is made, and told as applied. */
export function applyPendingUpdate(context: Context, invoice: Stripe.Invoice, id: string): void {
  const { waiting } = readSecrets(context, id);
  if (waiting?.invoice !== invoice.id || waiting.kind !== "pending_update") return;
  const before = getByPath(context, "subscription", id);
  const after: Stripe.Subscription = { ...before, ...waiting.after, pending_update: null };
  forgetDue(context.store, id, "expire_pending_update");
  saveSecrets(context, id, { waiting: null });
  saveAndTell(context, "subscription", after, before, "customer.subscription.updated");
  settleWaitingDebits(context, invoice, after, waiting);
  planPeriodEnd(context, after);
  if (after.status === "trialing") planTrialReminder(context, after);
  emitEvent(context, "customer.subscription.pending_update_applied", after);
}

/** Nobody paid in time, or another change came: the update is dropped and its invoice void. */
export function expirePendingUpdate(context: Context, before: Stripe.Subscription): void {
  if (!before.pending_update) return;
  emitEvent(context, "customer.subscription.pending_update_expired", cancelPendingUpdate(context, before));
}

/** Drops the update and voids its invoice. */
export function cancelPendingUpdate(context: Context, before: Stripe.Subscription): Stripe.Subscription {
  const { waiting } = readSecrets(context, before.id);
  const after: Stripe.Subscription = { ...before, pending_update: null };
  forgetDue(context.store, before.id, "expire_pending_update");
  saveSecrets(context, before.id, { waiting: null });
  saveAndTell(context, "subscription", after, before, "customer.subscription.updated");
  if (waiting) voidInvoice(context, getByPath(context, "invoice", waiting.invoice));
  return after;
}
