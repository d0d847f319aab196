import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { newId } from "@/local/stripe/ids";
import { billChange, leavePending } from "./bill-change";
import { collectChange, type PaymentBehavior } from "./collect-change";
import { settleUsage } from "./metered-usage";
import { deferUntilPaid } from "./pending-update";
import type { Change } from "./plan-change";
import { planPeriodEnd } from "./plan-period-end";

/**
 * Makes a change and bills it, now or with the next invoice. With `pending_if_incomplete` it is made once it is paid.
 * @param before the subscription as it is stored.
 */
export function applyChange(
  context: Context,
  before: Stripe.Subscription,
  change: Change,
  behavior: PaymentBehavior,
  isOffSession: boolean,
): void {
  if (!change.isInvoicedNow) {
    save(context, before, change, change.after);
    leavePending(context, change);
  } else if (behavior === "pending_if_incomplete") {
    const applyAtOnce = () => applyAndCollect(context, before, change, "allow_incomplete", isOffSession);
    deferUntilPaid(context, before, change, isOffSession, applyAtOnce);
  } else {
    applyAndCollect(context, before, change, behavior, isOffSession);
  }
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
  save(context, before, change, after);
  return collectChange(context, billChange(context, { ...change, after }, invoiceId), behavior, isOffSession);
}

/** New periods, or a new item with an earlier end, move what the clock has to do. */
function save(
  context: Context,
  before: Stripe.Subscription,
  { settledUsage }: Change,
  after: Stripe.Subscription,
): void {
  saveAndTell(context, "subscription", after, before, "customer.subscription.updated");
  settleUsage(context, after.id, settledUsage);
  if (["trialing", "active", "past_due", "unpaid"].includes(after.status)) planPeriodEnd(context, after);
}
