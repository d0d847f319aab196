import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { applyDiscountParams } from "@/local/stripe/discounts/apply-discount-params";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { createDraft, type DraftInput, previewInvoice } from "@/local/stripe/invoices/create-draft";
import { DRAFT_SECONDS } from "@/local/stripe/invoices/draft-invoice";
import { finalizeInvoice } from "@/local/stripe/invoices/finalize-invoice";
import type { NewLine } from "@/local/stripe/invoices/new-line";
import { payInvoice } from "@/local/stripe/invoices/pay-invoice";
import { cardDeclined } from "@/local/stripe/payment-methods/attach-payment-method";
import { chargeOutcome } from "@/local/stripe/payment-methods/charge-outcome";
import { amountOfPrice } from "@/local/stripe/prices/price-amount";
import { withAmounts } from "@/local/stripe/prices/with-amounts";
import { getByPath } from "@/local/stripe/references";
import { createSetupIntent } from "@/local/stripe/setup-intents/create-setup-intent";
import { insertObject } from "@/local/stripe/store/store";
import { checkRoomForSubscription } from "@/local/stripe/test-clocks/attach-customer";
import { createAddedItems } from "./add-invoice-items";
import { buildSubscription, type NewSubscription } from "./build-subscription";
import { planExpiry } from "./expire-incomplete-subscription";
import { naturalPeriod, periodLines, trialLine } from "./item-lines";
import { planPeriodEnd } from "./plan-period-end";
import { recordInvoicedDebits } from "./record-debits";
import { planCancellation, withCancellation } from "./schedule-cancellation";
import { NEW_SUBSCRIPTION_SECRETS } from "./secrets";
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
  /** Whether the holder cannot be asked; on-session unless said. */
  isOffSession?: boolean;
  /** Whether the first invoice stays a draft for an hour, as a renewal's, and the subscription is active meanwhile. */
  isCollectedLater?: boolean;
  /** Whether money due and no method to charge is an error. */
  refusesWithoutMethod?: boolean;
};

/**
 * Creates a subscription with its first invoice, charges it where money is due, and tells of all of it.
 * A trial's first invoice is over nothing and paid at once; with nothing to list there is none.
 * @throws StripeApiError 402 when the card is declined and the behavior is `error_if_incomplete`.
 */
export function startSubscription(
  context: Context,
  input: NewSubscription,
  payment: FirstPayment,
): Stripe.Subscription {
  checkRoomForSubscription(context, input.customer);
  const built = withCancellation(context, withDiscounts(context, input), input.cancellation);
  createAddedItems(context, built, input.addInvoiceItems ?? []);
  const draft = firstInvoice(context, built, input);
  const preview = previewInvoice(context, draft);
  const due = preview.amount_due;
  const isSent = built.collection_method === "send_invoice";
  const outcome = decideOutcome(context, due, payment, isSent || (payment.isCollectedLater ?? false));
  const subscription: Stripe.Subscription = {
    ...built,
    latest_invoice: preview.lines.data.length === 0 ? null : newId("in"),
    pending_setup_intent: pendingSetupIntent(context, input, payment, due, isSent),
    status: built.status === "trialing" ? "trialing" : outcome.isActive ? "active" : "incomplete",
  };
  fixCurrency(context, input.customer, subscription.currency);
  insertObject(context.store, "subscription", subscription, NEW_SUBSCRIPTION_SECRETS);
  planCancellation(context, subscription);
  planTrialReminder(context, subscription);
  // Paying the first invoice plans the end of an incomplete subscription's period.
  if (subscription.status === "incomplete") planExpiry(context, subscription);
  else planPeriodEnd(context, subscription);
  emitEvent(context, "customer.subscription.created", subscription);
  if (subscription.latest_invoice !== null) {
    const finalizesAt = payment.isCollectedLater ? context.now + DRAFT_SECONDS : draft.finalizesAt;
    bill(context, subscription, { ...draft, finalizesAt }, payment);
  }
  return getByPath(context, "subscription", subscription.id);
}

/** The first invoice of a subscription that does not exist yet. Discounts are really given; the caller takes them back. */
export function firstInvoicePreview(
  context: Context,
  input: NewSubscription,
  overrides: Partial<DraftInput>,
): Stripe.Invoice {
  const subscription = withDiscounts(context, input);
  return previewInvoice(context, { ...firstInvoice(context, subscription, input), ...overrides });
}

/** The first subscription fixes the customer's currency. https://docs.stripe.com/billing/customer */
function fixCurrency(context: Context, customer: Stripe.Customer, currency: string): void {
  const before = getByPath(context, "customer", customer.id);
  if (before.currency) return;
  saveAndTell(context, "customer", { ...before, currency }, before, "customer.updated");
}

function withDiscounts(context: Context, input: NewSubscription): Stripe.Subscription {
  const built = buildSubscription(context, input);
  const amount = input.items.reduce(
    (sum, { price, quantity }) => sum + amountOfPrice(withAmounts(context, price), quantity, built.currency),
    0,
  );
  const owner = { customer: input.customer.id, currency: built.currency, subscription: built.id, amount };
  const data = built.items.data.map((item, index) => ({
    ...item,
    discounts: applyDiscountParams(context, input.items[index]?.discounts ?? [], {
      ...owner,
      subscriptionItem: item.id,
      param: `items[${index}][discounts]`,
    }),
  }));
  const discounts = applyDiscountParams(context, input.discounts ?? [], owner);
  return { ...built, discounts, items: { ...built.items, data } };
}

function firstInvoice(
  context: Context,
  subscription: Stripe.Subscription,
  input: NewSubscription,
): DraftInput {
  return {
    customer: input.customer.id,
    currency: subscription.currency,
    billingReason: "subscription_create",
    subscription,
    lines: subscription.items.data.flatMap((item) => firstLines(context, subscription, item, input)),
    includesPendingItems: true,
    // It bills from the moment of its creation; charged, it is finalized here and never collected by itself.
    period: { start: context.now, end: context.now },
    finalizesAt: subscription.collection_method === "send_invoice" ? context.now + DRAFT_SECONDS : null,
  };
}

/**
 * The time up to a future anchor is billed in part, or for nothing when nothing is to be prorated; a period that an
 * announced end cuts short is then billed in full.
 * https://docs.stripe.com/billing/subscriptions/billing-mode/compare#excluding-prorations-for-the-first-truncated-billing-period
 */
function firstLines(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  input: NewSubscription,
): NewLine[] {
  if (input.trialEnd !== null) return trialLine(context, subscription, item);
  const lines = periodLines(context, subscription, item);
  if (input.prorationBehavior !== "none" || !lines.some(({ source }) => source.proration)) return lines;
  if (item.current_period_end !== subscription.cancel_at) return [];
  const { end } = naturalPeriod(subscription, item, item.current_period_start);
  return periodLines(context, subscription, { ...item, current_period_end: end });
}

function decideOutcome(
  context: Context,
  due: number,
  payment: FirstPayment,
  isSent: boolean,
): { isActive: boolean } {
  if (due === 0 || isSent) return { isActive: true };
  const { method, behavior } = payment;
  if (!method && behavior !== "default_incomplete" && payment.refusesWithoutMethod) throw noPaymentMethod();
  const decline = method && chargeOutcome(context, method, { isOffSession: payment.isOffSession ?? false });
  if (decline && behavior === "error_if_incomplete") throw cardDeclined(decline);
  const isPaidNow = method !== null && !decline && behavior !== "default_incomplete";
  return { isActive: isPaidNow && !payment.startsIncomplete };
}

function bill(
  context: Context,
  subscription: Stripe.Subscription,
  draft: DraftInput,
  payment: FirstPayment,
): void {
  const { latest_invoice: id } = subscription;
  if (typeof id !== "string") throw new Error(`${subscription.id} names no invoice.`);
  const invoice = createDraft(context, { ...draft, id, subscription });
  recordInvoicedDebits(context, invoice, subscription);
  if (draft.finalizesAt !== null) return;
  const open = finalizeInvoice(context, invoice);
  if (open.status === "open" && payment.method && payment.behavior !== "default_incomplete") {
    payInvoice(context, open, payment.method);
  }
}

/** With nothing to pay now and no card yet, Stripe offers a setup intent to collect one. */
function pendingSetupIntent(
  context: Context,
  input: NewSubscription,
  payment: FirstPayment,
  due: number,
  isSent: boolean,
): string | null {
  if (due > 0 || payment.method || payment.startsIncomplete || isSent) return null;
  return createSetupIntent(context, { customer: input.customer.id, metadata: {}, description: null }).id;
}

function noPaymentMethod(): Error {
  return invalidRequest(
    "This customer has no attached payment source or default payment method. Please consider adding a default " +
      "payment method. For more information, visit " +
      "https://docs.stripe.com/billing/subscriptions/payment-methods-setting#payment-method-priority.",
    { code: "resource_missing" },
  );
}
