import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { applyDiscountParams } from "@/local/stripe/discounts/apply-discount-params";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { createDraft, type DraftInput, previewInvoice } from "@/local/stripe/invoices/create-draft";
import { DRAFT_SECONDS } from "@/local/stripe/invoices/draft-invoice";
import { finalizeInvoice } from "@/local/stripe/invoices/finalize-invoice";
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
import { checkBackdatedDiscounts } from "./backdate";
import { buildSubscription, type NewSubscription } from "./build-subscription";
import { planExpiry } from "./expire-incomplete-subscription";
import { firstInvoice } from "./first-invoice";
import { inPeriod, periodFrom } from "./item-periods";
import { paymentRefused } from "./payment-refused";
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
 * A trial's first invoice is over nothing and paid at once, unless something is charged with it; with nothing to list
 * there is none.
 * @throws StripeApiError 402 when the card is declined and the behavior is `error_if_incomplete`.
 */
export function startSubscription(
  context: Context,
  input: NewSubscription,
  payment: FirstPayment,
): Stripe.Subscription {
  checkRoomForSubscription(context, input.customer);
  const built = newSubscription(context, input);
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
    status: !outcome.isActive ? "incomplete" : built.trial_end === null ? "active" : "trialing",
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
  const subscription = newSubscription(context, input);
  return previewInvoice(context, { ...firstInvoice(context, subscription, input), ...overrides });
}

/** The first subscription fixes the customer's currency. https://docs.stripe.com/billing/customer */
function fixCurrency(context: Context, customer: Stripe.Customer, currency: string): void {
  const before = getByPath(context, "customer", customer.id);
  if (before.currency) return;
  saveAndTell(context, "customer", { ...before, currency }, before, "customer.updated");
}

/** With its discounts, and with an announced end that may cut its first periods short. */
function newSubscription(context: Context, input: NewSubscription): Stripe.Subscription {
  const announced = withCancellation(context, withDiscounts(context, input), input.cancellation);
  if (input.trialEnd !== null) return announced;
  const data = announced.items.data.map((item) =>
    inPeriod(item, periodFrom(announced, item, item.current_period_start)),
  );
  return { ...announced, items: { ...announced.items, data } };
}

function withDiscounts(context: Context, input: NewSubscription): Stripe.Subscription {
  const built = buildSubscription(context, input);
  const amount = input.items.reduce(
    (sum, { price, quantity }) => sum + amountOfPrice(withAmounts(context, price), quantity, built.currency),
    0,
  );
  const owner = {
    customer: input.customer.id,
    currency: built.currency,
    subscription: built.id,
    amount,
    start: built.start_date,
  };
  const data = built.items.data.map((item, index) => ({
    ...item,
    discounts: applyDiscountParams(context, input.items[index]?.discounts ?? [], {
      ...owner,
      subscriptionItem: item.id,
      param: `items[${index}][discounts]`,
    }),
  }));
  const discounts = applyDiscountParams(context, input.discounts ?? [], owner);
  if (input.backdateStart)
    checkBackdatedDiscounts(context, [discounts, ...data.map((item) => item.discounts)].flat());
  return { ...built, discounts, items: { ...built.items, data } };
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
  if (decline && behavior === "error_if_incomplete") {
    // A person on the checkout page is told what the bank said.
    throw payment.startsIncomplete ? cardDeclined(decline) : paymentRefused(decline);
  }
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
    payInvoice(context, open, payment.method, { isOffSession: payment.isOffSession ?? false });
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
