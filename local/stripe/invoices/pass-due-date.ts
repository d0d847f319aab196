import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { readBillingSettings } from "@/local/stripe/lab/billing-settings";
import { setDelinquent } from "@/local/stripe/subscriptions/delinquency";
import { giveSubscriptionUp } from "@/local/stripe/subscriptions/end-dunning";
import {
  findInvoicedSubscription,
  isLatestInvoice,
} from "@/local/stripe/subscriptions/invoiced-subscription";
import { planDue } from "@/local/stripe/time/due";

const DAY_SECONDS = 24 * 60 * 60;

/**
 * An invoice that was sent is not paid by its due date: its subscription is past due, and some time after that what the
 * account's settings say. https://docs.stripe.com/billing/collection-method#due-dates-for-manual-payment-invoices
 */
export function passDueDate(context: Context, invoice: Stripe.Invoice): void {
  if (invoice.status !== "open" || invoice.due_date === null) return;
  const { days_past_due: days, subscription_after_days_past_due: how } = readBillingSettings(context.store);
  const endsAt = invoice.due_date + days * DAY_SECONDS;
  const before = findInvoicedSubscription(context, invoice);
  if (context.now < endsAt) {
    setDelinquent(context, invoice, true);
    planDue(context.store, { at: endsAt, kind: "pass_due_date", objectId: invoice.id });
    if (before?.status === "active" && isLatestInvoice(context, before, invoice)) {
      giveSubscriptionUp(context, before, "leave_past_due");
    }
  } else if (before?.status === "past_due" && isLatestInvoice(context, before, invoice)) {
    giveSubscriptionUp(context, before, how);
  }
}
