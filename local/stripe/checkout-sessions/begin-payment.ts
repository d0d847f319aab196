import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { applyDiscountParams } from "@/local/stripe/discounts/apply-discount-params";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { createDraft } from "@/local/stripe/invoices/create-draft";
import { finalizeInvoice } from "@/local/stripe/invoices/finalize-invoice";
import { findInvoicePayment } from "@/local/stripe/invoices/invoice-payment";
import { payInvoice } from "@/local/stripe/invoices/pay-invoice";
import {
  type Confirmation,
  confirmPaymentIntent,
} from "@/local/stripe/payment-intents/confirm-payment-intent";
import { createPaymentIntent } from "@/local/stripe/payment-intents/create-payment-intent";
import { authenticationAction } from "@/local/stripe/payment-intents/next-action";
import { attachPaymentMethod } from "@/local/stripe/payment-methods/attach-payment-method";
import { noteSetUp } from "@/local/stripe/payment-methods/use-payment-method";
import { getByPath, idOf } from "@/local/stripe/references";
import { attemptSetup } from "@/local/stripe/setup-intents/attempt-setup";
import { createSetupIntent } from "@/local/stripe/setup-intents/create-setup-intent";
import { saveObject } from "@/local/stripe/store/store";
import { startSubscription } from "@/local/stripe/subscriptions/start-subscription";
import { pagePathOf } from "./page-path";
import { oneTimeInvoice } from "./price-session";
import type { CheckoutSessionPlan } from "./session-plan";
import { subscriptionOfSession } from "./subscription-of-session";

/** What was begun: the objects there are now, and the intent that decides. */
export type Begun = { intent: string | null; subscription: string | null; invoice: string | null };

type Intent = Stripe.PaymentIntent | Stripe.SetupIntent;

/** Who pays, and what. `due` is what is charged now. */
export type Purchase = {
  session: Stripe.Checkout.Session;
  plan: CheckoutSessionPlan;
  customer: Stripe.Customer | null;
  method: Stripe.PaymentMethod | null;
  due: number;
};

/**
 * Begins to pay: charges the card, or saves it where nothing is due yet. The intent it leaves is through, or waits for
 * the holder's bank, whose page leads back to the session's.
 * https://docs.stripe.com/payments/checkout/how-checkout-works
 * @throws StripeApiError 402 when the card is declined; the caller takes everything back.
 */
export function beginPayment(context: Context, purchase: Purchase): Begun {
  const { session, method } = purchase;
  if (!method) return { intent: null, subscription: null, invoice: null };
  if (session.mode === "subscription" && purchase.due > 0)
    return beginSubscription(context, purchase, method);
  if (session.mode !== "payment") return beginSetup(context, purchase, method);
  return session.invoice_creation?.enabled
    ? beginInvoice(context, purchase, method)
    : beginOneTime(context, purchase, method);
}

/**
 * The intent of a payment once; made anew, or that of an attempt that failed before.
 * https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-payment_intent
 */
export function intentOfSession(
  context: Context,
  { session, plan, customer, due }: Omit<Purchase, "method">,
): Stripe.PaymentIntent {
  const { isCapturedManually, ...data } = plan.paymentIntentData;
  const isPayment = session.mode === "payment";
  const wanted = {
    ...(isPayment ? data : { ...data, description: null, metadata: {}, setupFutureUsage: "off_session" }),
    amount: due,
    currency: session.currency ?? "usd",
    customer: customer?.id ?? null,
  };
  if (plan.triedIntent === null) {
    const overrides = isCapturedManually ? { overrides: { capture_method: "manual" as const } } : {};
    return createPaymentIntent(context, { ...wanted, ...overrides });
  }
  const tried = getByPath(context, "payment_intent", plan.triedIntent);
  const intent: Stripe.PaymentIntent = { ...tried, amount: due, customer: wanted.customer };
  saveObject(context.store, "payment_intent", intent);
  return intent;
}

/** The page's holder is there, and comes back to it from the bank's page. */
export function confirmationOf(context: Context, session: Stripe.Checkout.Session): Confirmation {
  return { isOffSession: false, onChallenge: "ask", returnUrl: returnUrlOf(context, session) };
}

/** A setup intent of the session, not tried yet. */
export function setupOfSession(
  context: Context,
  { plan, customer }: Pick<Purchase, "plan" | "customer">,
): Stripe.SetupIntent {
  return createSetupIntent(context, { customer: customer?.id ?? null, ...plan.setupIntentData });
}

/** Where the bank's page leads back to. */
export function returnUrlOf(context: Context, session: Stripe.Checkout.Session): string {
  return `${context.baseUrl}${pagePathOf(session)}`;
}

function beginOneTime(context: Context, purchase: Purchase, method: Stripe.PaymentMethod): Begun {
  const { session, plan, customer } = purchase;
  giveDiscounts(context, purchase);
  // The card is kept only if the session says it will be used again.
  const keeps = customer !== null && plan.paymentIntentData.setupFutureUsage !== null;
  const payer = keeps ? attachPaymentMethod(context, method, customer.id) : method;
  const intent = intentOfSession(context, purchase);
  const tried = confirmPaymentIntent(context, intent, payer, confirmationOf(context, session));
  return { intent: checked(tried).id, subscription: null, invoice: null };
}

/** Counts the redemption, which the preview took back. */
function giveDiscounts(context: Context, { session, plan, customer }: Purchase): void {
  applyDiscountParams(context, plan.discounts, {
    customer: customer?.id ?? null,
    currency: session.currency ?? "usd",
    checkoutSession: session.id,
    amount: session.amount_subtotal,
  });
}

/** https://docs.stripe.com/payments/checkout/receipts#paid-invoices */
function beginInvoice(context: Context, purchase: Purchase, method: Stripe.PaymentMethod): Begun {
  const { session, plan, customer } = purchase;
  if (!customer) throw new Error("An invoice always has a customer.");
  const data = session.invoice_creation?.invoice_data;
  const payer = attachPaymentMethod(context, method, customer.id);
  const draft = createDraft(context, {
    ...oneTimeInvoice(context, session, plan, customer.id),
    ...(data?.description ? { description: data.description } : {}),
    ...(data?.footer ? { footer: data.footer } : {}),
    metadata: data?.metadata ?? {},
  });
  const open = finalizeInvoice(context, draft);
  if (open.status === "open") payInvoice(context, open, payer, { isScheduled: false, isOffSession: false });
  return { ...intentOfInvoice(context, session, draft.id), subscription: null };
}

function beginSubscription(context: Context, purchase: Purchase, method: Stripe.PaymentMethod): Begun {
  const { session, plan, customer } = purchase;
  if (!customer) throw new Error("A subscription always has a customer.");
  const attached = attachPaymentMethod(context, method, customer.id);
  noteSetUp(context, attached.id);
  const input = {
    ...subscriptionOfSession(context, session, plan, customer),
    defaultPaymentMethod: attached.id,
  };
  const subscription = startSubscription(context, input, {
    method: attached,
    behavior: "allow_incomplete",
    startsIncomplete: true,
  });
  if (subscription.latest_invoice === null)
    return { intent: null, subscription: subscription.id, invoice: null };
  const invoice = idOf(subscription.latest_invoice);
  return { ...intentOfInvoice(context, session, invoice), subscription: subscription.id };
}

function intentOfInvoice(
  context: Context,
  session: Stripe.Checkout.Session,
  invoice: string,
): { intent: string | null; invoice: string } {
  const reference = findInvoicePayment(context, invoice)?.payment.payment_intent;
  if (!reference) return { intent: null, invoice };
  const intent = checked(getByPath(context, "payment_intent", idOf(reference)));
  if (intent.status === "requires_action") {
    const action = authenticationAction(context, intent.id, returnUrlOf(context, session));
    saveObject(context.store, "payment_intent", { ...intent, next_action: action });
  }
  return { intent: intent.id, invoice };
}

function beginSetup(context: Context, purchase: Purchase, method: Stripe.PaymentMethod): Begun {
  const intent = setupOfSession(context, purchase);
  const tried = attemptSetup(context, intent, method, returnUrlOf(context, purchase.session));
  return { intent: checked(tried).id, subscription: null, invoice: null };
}

/** @throws StripeApiError 402 with the bank's reason. */
function checked<T extends Intent>(intent: T): T {
  if (intent.status !== "requires_payment_method") return intent;
  throw declinedBy(intent);
}

/** Why the intent's last attempt failed, as the page tells it. */
export function declinedBy(intent: Intent): StripeApiError {
  const error = intent.object === "payment_intent" ? intent.last_payment_error : intent.last_setup_error;
  return new StripeApiError(402, {
    type: "card_error",
    message: error?.message ?? "Your card was declined.",
    ...(error?.code === undefined ? {} : { code: error.code }),
  });
}
