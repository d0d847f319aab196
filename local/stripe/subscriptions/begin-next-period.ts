import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { newId } from "@/local/stripe/ids";
import { createDraft, previewInvoice } from "@/local/stripe/invoices/create-draft";
import { giveUpWhilePaused } from "./give-up-while-paused";
import { planPeriodEnd } from "./plan-period-end";
import { recordInvoicedDebits } from "./record-debits";
import { renewalOf } from "./renewal-invoice";

/**
 * Moves the subscription into its next period and drafts the invoice for it. The draft waits for about an
 * hour before it is finalized and charged, so the period is new before it is paid. With nothing to bill there is none.
 * https://docs.stripe.com/billing/invoices/subscription#subscription-renewal
 */
export function beginNextPeriod(
  context: Context,
  before: Stripe.Subscription,
  status: Stripe.Subscription.Status,
): void {
  const { after, invoice } = renewalOf(context, before);
  const hasInvoice = invoice.lines.length > 0 || previewInvoice(context, invoice).lines.data.length > 0;
  const subscription: Stripe.Subscription = {
    ...after,
    latest_invoice: hasInvoice ? newId("in") : before.latest_invoice,
    status,
  };
  saveAndTell(context, "subscription", subscription, before, "customer.subscription.updated");
  planPeriodEnd(context, subscription);
  if (!hasInvoice || typeof subscription.latest_invoice !== "string") return;
  // An unpaid subscription's invoices are made and stay drafts.
  // https://docs.stripe.com/billing/subscriptions/overview#handle-unpaid-subscriptions
  const waits = status !== "unpaid" && subscription.pause_collection === null;
  const draft = createDraft(context, {
    ...invoice,
    id: subscription.latest_invoice,
    subscription,
    finalizesAt: waits ? invoice.finalizesAt : null,
  });
  recordInvoicedDebits(context, draft, subscription);
  giveUpWhilePaused(context, draft, subscription.pause_collection);
}
