import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { listSubscriptionInvoices } from "@/local/stripe/invoices/list-subscription-invoices";
import { hasRunOutOfRetries } from "@/local/stripe/invoices/retry-schedule";
import { readBillingSettings } from "@/local/stripe/lab/billing-settings";
import { giveSubscriptionUp } from "./end-dunning";
import { endIncompleteSubscription } from "./expire-incomplete-subscription";
import { findInvoicedSubscription } from "./invoiced-subscription";
import { expirePendingUpdate } from "./pending-update";
import { dropResumption } from "./resume-subscription";
import { readSecrets } from "./secrets";
import { setStatus } from "./set-status";

/**
 * What voiding an invoice by hand does to its subscription: an incomplete one is over with its first invoice, and what
 * waited for the payment is dropped. Without its latest invoice, the ones before decide.
 * https://docs.stripe.com/billing/invoices/subscription#void-an-invoice-generated-by-a-subscription
 */
export function followVoidedInvoice(context: Context, invoice: Stripe.Invoice): void {
  const before = findInvoicedSubscription(context, invoice);
  if (!before) return;
  const { waiting } = readSecrets(context, before.id);
  if (waiting?.invoice === invoice.id) {
    if (waiting.kind === "resumption") dropResumption(context, before.id);
    else expirePendingUpdate(context, before);
    return;
  }
  const isFirst = invoice.billing_reason === "subscription_create";
  if (before.status === "incomplete" && isFirst) endIncompleteSubscription(context, before);
  else if (before.status === "past_due" && isFirst) setStatus(context, before, "active");
  else if (HAS_BILLS.includes(before.status) && !isFirst) followEarlierInvoices(context, before, invoice);
}

const HAS_BILLS: Stripe.Subscription.Status[] = ["active", "past_due", "unpaid"];

/** From the most recent to the oldest, the first one whose fate is clear decides. */
function followEarlierInvoices(context: Context, before: Stripe.Subscription, voided: Stripe.Invoice): void {
  const [latest, ...earlier] = listSubscriptionInvoices(context, before).filter(
    ({ id, status }) => id === voided.id || (status !== "void" && status !== "draft"),
  );
  if (latest?.id !== voided.id) return;
  for (const invoice of earlier) {
    if (invoice.status === "paid" || invoice.status === "uncollectible") break;
    if (hasRunOutOfRetries(invoice)) {
      const settings = readBillingSettings(context.store);
      giveSubscriptionUp(context, before, settings.subscription_after_final_retry);
      return;
    }
    if (invoice.collection_method === "send_invoice" && (invoice.due_date ?? context.now) < context.now) {
      setStatus(context, before, "past_due");
      return;
    }
  }
  setStatus(context, before, "active");
}
