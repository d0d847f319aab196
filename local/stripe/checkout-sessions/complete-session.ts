import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { createCustomer } from "@/local/stripe/customers/create-customer";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { confirmPaymentIntent } from "@/local/stripe/payment-intents/confirm-payment-intent";
import { createPaymentIntent } from "@/local/stripe/payment-intents/create-payment-intent";
import { attachPaymentMethod, cardDeclined } from "@/local/stripe/payment-methods/attach-payment-method";
import type { NewCard } from "@/local/stripe/payment-methods/build-card";
import { chargeOutcome, setupOutcome } from "@/local/stripe/payment-methods/charge-outcome";
import { createCardPaymentMethod } from "@/local/stripe/payment-methods/create-payment-method";
import { getByParam, getByPath, idOf } from "@/local/stripe/references";
import { createSetupIntent, succeedSetupIntent } from "@/local/stripe/setup-intents/create-setup-intent";
import { readHidden, saveObject } from "@/local/stripe/store/store";
import type { CheckoutSessionPlan } from "@/local/stripe/store/stored-objects";
import { startSubscription } from "@/local/stripe/subscriptions/start-subscription";
import { readTrialEnd } from "@/local/stripe/subscriptions/trial";
import { forgetDue } from "@/local/stripe/time/due";
import { detailsOf } from "./build-session";

/** What the person typed. The card is null where none is asked for. */
export type CheckoutForm = { email: string; name: string; card: NewCard | null };

/**
 * Does what paying on the hosted page does, in one piece: customer, payment method, payment, subscription
 * and invoice, then `checkout.session.completed`. A declined card throws, and the caller's transaction
 * takes everything back. https://docs.stripe.com/payments/checkout/how-checkout-works
 * @throws StripeApiError 402 card_error.
 */
export function completeSession(
  context: Context,
  session: Stripe.Checkout.Session,
  form: CheckoutForm,
): Stripe.Checkout.Session {
  const plan = readHidden(context.store, "checkout.session", session.id);
  const method = form.card ? newMethod(context, form, form.card) : null;
  const customer = findOrCreateCustomer(context, session, form, plan);
  const results = settle(context, session, plan, customer, method);
  const completed: Stripe.Checkout.Session = {
    ...session,
    ...results,
    customer: customer?.id ?? null,
    customer_details: { ...detailsOf(form.email, customer), name: form.name || (customer?.name ?? null) },
    status: "complete",
    url: null,
  };
  saveObject(context.store, "checkout.session", completed);
  forgetDue(context.store, session.id);
  emitEvent(context, "checkout.session.completed", completed);
  return completed;
}

/** Whether the page must ask for a card: always, unless nothing is due and the session says so. */
export function needsCard(session: Stripe.Checkout.Session): boolean {
  if (session.mode === "setup") return true;
  return (session.amount_total ?? 0) > 0 || session.payment_method_collection === "always";
}

type Results = Partial<
  Pick<
    Stripe.Checkout.Session,
    "payment_status" | "payment_intent" | "setup_intent" | "subscription" | "invoice"
  >
>;

function settle(
  context: Context,
  session: Stripe.Checkout.Session,
  plan: CheckoutSessionPlan,
  customer: Stripe.Customer | null,
  method: Stripe.PaymentMethod | null,
): Results {
  if (session.mode === "subscription") return subscribe(context, plan, customer, method);
  if (session.mode === "setup") return saveCard(context, plan, customer, method);
  return payOnce(context, session, plan, customer, method);
}

function subscribe(
  context: Context,
  plan: CheckoutSessionPlan,
  customer: Stripe.Customer | null,
  method: Stripe.PaymentMethod | null,
): Results {
  if (!customer) throw new Error("A subscription always has a customer.");
  const { subscriptionData: data } = plan;
  // The trial counts from now, not from when the session was opened.
  const trialEnd = readTrialEnd(context, {
    ...(data.trialPeriodDays === null ? {} : { trial_period_days: data.trialPeriodDays }),
    ...(data.trialEnd === null ? {} : { trial_end: data.trialEnd }),
  });
  const attached = method && attachPaymentMethod(context, method, customer.id);
  const subscription = startSubscription(
    context,
    {
      customer,
      items: plan.lineItems.flatMap(({ price, quantity, metadata }) =>
        price ? [{ price, quantity: quantity ?? 1, metadata: metadata ?? {} }] : [],
      ),
      trialEnd,
      defaultPaymentMethod: attached?.id ?? null,
      metadata: data.metadata,
      description: data.description,
      trialSettings: data.trialSettings,
      savesDefaultPaymentMethod: false,
      cancellation: {},
    },
    { method: attached, behavior: "error_if_incomplete", startsIncomplete: true },
  );
  if (trialEnd !== null && attached) succeedSetup(context, plan, customer, attached);
  return {
    invoice: subscription.latest_invoice === null ? null : idOf(subscription.latest_invoice),
    // "The payment is delayed to a future date": https://docs.stripe.com/api/checkout/sessions/object
    payment_status: trialEnd === null ? "paid" : "no_payment_required",
    subscription: subscription.id,
  };
}

function saveCard(
  context: Context,
  plan: CheckoutSessionPlan,
  customer: Stripe.Customer | null,
  method: Stripe.PaymentMethod | null,
): Results {
  if (!method) throw new Error("Setup always asks for a card.");
  const attached = customer ? attachPaymentMethod(context, method, customer.id) : method;
  const decline = setupOutcome(context, method);
  if (decline) throw cardDeclined(decline);
  return {
    payment_status: "no_payment_required",
    setup_intent: succeedSetup(context, plan, customer, attached).id,
  };
}

function succeedSetup(
  context: Context,
  plan: CheckoutSessionPlan,
  customer: Stripe.Customer | null,
  method: Stripe.PaymentMethod,
): Stripe.SetupIntent {
  const intent = createSetupIntent(context, { customer: customer?.id ?? null, ...plan.setupIntentData });
  return succeedSetupIntent(context, intent, method);
}

function payOnce(
  context: Context,
  session: Stripe.Checkout.Session,
  plan: CheckoutSessionPlan,
  customer: Stripe.Customer | null,
  method: Stripe.PaymentMethod | null,
): Results {
  const amount = session.amount_total ?? 0;
  if (amount === 0 || !method) return { payment_status: "no_payment_required" };
  const decline = chargeOutcome(context, method);
  if (decline) throw cardDeclined(decline);
  // The card is kept only if the session says it will be used again.
  const isKept = customer !== null && plan.paymentIntentData.setupFutureUsage !== null;
  const payer = isKept ? attachPaymentMethod(context, method, customer.id) : method;
  const intent = createPaymentIntent(context, {
    ...plan.paymentIntentData,
    amount,
    currency: session.currency ?? "usd",
    customer: customer?.id ?? null,
  });
  confirmPaymentIntent(context, intent, payer);
  return { payment_intent: intent.id, payment_status: "paid" };
}

function newMethod(context: Context, form: CheckoutForm, card: NewCard): Stripe.PaymentMethod {
  const billing = { email: form.email, name: form.name || null };
  return createCardPaymentMethod(context, card, { billing });
}

function findOrCreateCustomer(
  context: Context,
  session: Stripe.Checkout.Session,
  form: CheckoutForm,
  plan: CheckoutSessionPlan,
): Stripe.Customer | null {
  if (session.customer !== null) {
    const customer = getByParam(context, "customer", idOf(session.customer), "customer");
    const changed: Stripe.Customer = {
      ...customer,
      // Checkout fills in a missing address to write to, and the name only when asked to.
      email: customer.email ?? form.email,
      name: plan.customerUpdatesName && form.name ? form.name : customer.name,
    };
    saveAndTell(context, "customer", changed, customer, "customer.updated");
    return getByPath(context, "customer", customer.id);
  }
  if (session.customer_creation !== "always") return null;
  return createCustomer(context, { email: form.email, ...(form.name ? { name: form.name } : {}) });
}
