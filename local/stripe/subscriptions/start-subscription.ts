import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { newId } from "@/local/stripe/ids";
import { draftInvoice } from "@/local/stripe/invoices/draft-invoice";
import { finalizeInvoice } from "@/local/stripe/invoices/finalize-invoice";
import { subscriptionLines } from "@/local/stripe/invoices/invoice-lines";
import { payInvoice } from "@/local/stripe/invoices/pay-invoice";
import { cardDeclined } from "@/local/stripe/payment-methods/attach-payment-method";
import { chargeOutcome } from "@/local/stripe/payment-methods/charge-outcome";
import { getByPath } from "@/local/stripe/references";
import { createSetupIntent } from "@/local/stripe/setup-intents/create-setup-intent";
import { insertObject } from "@/local/stripe/store/store";
import { buildSubscription, type NewSubscription } from "./build-subscription";
import { planExpiry } from "./expire-incomplete-subscription";
import { planPeriodEnd } from "./plan-period-end";
import { planCancellation, withCancellation } from "./schedule-cancellation";
import { planTrialReminder } from "./trial";

/** How the first invoice is paid. */
export type FirstPayment = {
  method: Stripe.PaymentMethod | null;
  /**
   * `default_incomplete` leaves the payment to the client, `allow_incomplete` keeps a subscription whose
   * payment failed, `error_if_incomplete` refuses it. https://docs.stripe.com/api/subscriptions/create
   */
  behavior: "allow_incomplete" | "default_incomplete" | "error_if_incomplete";
  /** Checkout creates the subscription first and activates it with the payment. */
  startsIncomplete: boolean;
};

/**
 * Creates a subscription with its first invoice, charges it where money is due, and tells of all of it.
 * A trial's first invoice is over nothing and paid at once.
 * @throws StripeApiError 402 when the card is declined and the behavior is `error_if_incomplete`.
 */
export function startSubscription(
  context: Context,
  input: NewSubscription,
  payment: FirstPayment,
): Stripe.Subscription {
  const isTrial = input.trialEnd !== null;
  const due = isTrial ? 0 : input.items.reduce((sum, item) => sum + amountOf(item.price, item.quantity), 0);
  const decline = payment.method ? chargeOutcome(context, payment.method) : null;
  if (due > 0 && decline && payment.behavior === "error_if_incomplete") throw cardDeclined(decline);
  const isPaidNow =
    due === 0 || (payment.method !== null && !decline && payment.behavior !== "default_incomplete");
  const isActive = due === 0 || (isPaidNow && !payment.startsIncomplete);

  const built = buildSubscription(context, input, {
    status: isTrial ? "trialing" : isActive ? "active" : "incomplete",
    latestInvoice: newId("in"),
    pendingSetupIntent: pendingSetupIntent(context, input, payment, due),
  });
  const subscription = withCancellation(context, built, input.cancellation);
  fixCurrency(context, input.customer, subscription.currency);
  insertObject(context.store, "subscription", subscription, {});
  planCancellation(context, subscription);
  planTrialReminder(context, subscription);
  // Paying the first invoice plans the end of an incomplete subscription's period.
  if (subscription.status === "incomplete") planExpiry(context, subscription);
  else planPeriodEnd(context, subscription);
  emitEvent(context, "customer.subscription.created", subscription);
  invoiceFirstPeriod(context, subscription, payment);
  return getByPath(context, "subscription", subscription.id);
}

/** What one item costs for a period, in minor units. */
export function amountOf(price: Stripe.Price, quantity: number): number {
  return Math.round(Number(price.unit_amount_decimal ?? 0) * quantity);
}

/** The first subscription fixes the customer's currency. https://docs.stripe.com/billing/customer */
function fixCurrency(context: Context, customer: Stripe.Customer, currency: string): void {
  const before = getByPath(context, "customer", customer.id);
  if (before.currency) return;
  saveAndTell(context, "customer", { ...before, currency }, before, "customer.updated");
}

function invoiceFirstPeriod(
  context: Context,
  subscription: Stripe.Subscription,
  payment: FirstPayment,
): void {
  const draft = draftInvoice(context, subscription, {
    billingReason: "subscription_create",
    lines: subscriptionLines(context, subscription),
    // It bills from the moment of its creation, is finalized here, and never collected by itself.
    period: { start: context.now, end: context.now },
    finalizesAt: null,
  });
  const invoice = finalizeInvoice(context, draft);
  if (invoice.status === "open" && payment.method && payment.behavior !== "default_incomplete") {
    payInvoice(context, invoice, payment.method);
  }
}

/** With nothing to pay now and no card yet, Stripe offers a setup intent to collect one. */
function pendingSetupIntent(
  context: Context,
  input: NewSubscription,
  payment: FirstPayment,
  due: number,
): string | null {
  if (due > 0 || payment.method || payment.startsIncomplete) return null;
  return createSetupIntent(context, { customer: input.customer.id, metadata: {}, description: null }).id;
}
