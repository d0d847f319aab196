import type Stripe from "stripe";
import { createSharedBankPaymentMethod } from "@/local/stripe/bank-debits/create-bank-payment-method";
import type { TestBankAccount } from "@/local/stripe/bank-debits/test-bank-accounts";
import type { Context } from "@/local/stripe/context";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { voidInvoice } from "@/local/stripe/invoices/void-invoice";
import { createMandate } from "@/local/stripe/mandates/mandate-of";
import { confirmPaymentIntent } from "@/local/stripe/payment-intents/confirm-payment-intent";
import type { NewCard } from "@/local/stripe/payment-methods/build-card";
import { createCardPaymentMethod } from "@/local/stripe/payment-methods/create-payment-method";
import { getByPath } from "@/local/stripe/references";
import { attemptSetup } from "@/local/stripe/setup-intents/attempt-setup";
import { attempt, readHidden, saveHidden, saveObject } from "@/local/stripe/store/store";
import { expireIncompleteSubscription } from "@/local/stripe/subscriptions/expire-incomplete-subscription";
import {
  beginPayment,
  confirmationOf,
  declinedBy,
  intentOfSession,
  type Purchase,
  returnUrlOf,
  setupOfSession,
} from "./begin-payment";
import { completeSession } from "./complete-session";
import { payerOfSession } from "./payer-of-session";
import { priceSession } from "./price-session";
import type { CheckoutSessionPlan, SubmittedDetails } from "./session-plan";

/** What pays: a card that was typed, one the customer has, a test bank account, or nothing where nothing is asked for. */
export type Tender = { card: NewCard } | { saved: string } | { bankAccount: TestBankAccount } | null;

export type Outcome =
  | { kind: "completed"; session: Stripe.Checkout.Session }
  | { kind: "challenge"; intent: string }
  | { kind: "declined"; message: string };

/**
 * Does what pressing the button on the hosted page does: the customer, the payment, what is bought, and then
 * `checkout.session.completed`. A declined card leaves its intent with the failed charge and nothing else; one that
 * needs 3D Secure leaves the session open until its holder comes back. Within a transaction.
 * https://docs.stripe.com/payments/checkout/how-checkout-works
 * @throws StripeApiError other than a decline when what was to be bought can no longer be.
 */
export function submitSession(
  context: Context,
  session: Stripe.Checkout.Session,
  details: SubmittedDetails,
  tender: Tender,
): Outcome {
  const resumed = resumeSession(context, session);
  if (resumed?.kind === "completed") return resumed;
  giveUpPending(context, session);
  let outcome: Outcome | null = null;
  const failure = attempt(context.store, () => {
    outcome = pay(context, session, details, tender);
  });
  if (!failure) {
    if (!outcome) throw new Error(`${session.id} was neither paid nor refused.`);
    return outcome;
  }
  const { error } = failure;
  if (!(error instanceof StripeApiError) || error.body.type !== "card_error") throw error;
  recordFailedAttempt(context, session, details, tender);
  return { kind: "declined", message: error.body.message };
}

/** Looks how a payment that was begun has turned out; null when none was, or it still waits for its holder. */
export function resumeSession(context: Context, session: Stripe.Checkout.Session): Outcome | null {
  const { pending } = readHidden(context.store, "checkout.session", session.id);
  if (!pending?.intent) return null;
  const intent = getByPath(
    context,
    pending.intent.startsWith("seti_") ? "setup_intent" : "payment_intent",
    pending.intent,
  );
  if (intent.status === "requires_action") return null;
  if (intent.status === "requires_payment_method" || intent.status === "canceled") {
    giveUpPending(context, session);
    return { kind: "declined", message: declinedBy(intent).body.message };
  }
  return { kind: "completed", session: completeSession(context, session, pending) };
}

/** Takes leave of a payment that was begun and will not be finished. */
export function giveUpPending(context: Context, session: Stripe.Checkout.Session): void {
  const plan = readHidden(context.store, "checkout.session", session.id);
  if (!plan.pending) return;
  const { subscription, invoice } = plan.pending;
  if (subscription !== null) {
    expireIncompleteSubscription(context, getByPath(context, "subscription", subscription));
  } else if (invoice !== null) {
    const open = getByPath(context, "invoice", invoice);
    if (open.status === "open") voidInvoice(context, open);
  }
  savePlan(context, session, { ...plan, pending: null });
}

/** Whether the page asks for a card: always, unless nothing is due and the session says so. */
export function needsCard(session: Stripe.Checkout.Session, due: number): boolean {
  if (session.mode === "setup" || due > 0) return true;
  return session.payment_method_collection === "always";
}

function pay(
  context: Context,
  session: Stripe.Checkout.Session,
  details: SubmittedDetails,
  tender: Tender,
): Outcome {
  const purchase = purchaseOf(context, session, details, tender);
  const begun = beginPayment(context, purchase);
  const pending = {
    ...begun,
    customer: purchase.customer?.id ?? null,
    method: purchase.method?.id ?? null,
    details,
  };
  const kept = { ...purchase.plan, pending };
  const isPlain = session.mode === "payment" && begun.invoice === null;
  savePlan(context, session, isPlain ? { ...kept, triedIntent: begun.intent } : kept);
  if (begun.intent === null) {
    return { kind: "completed", session: completeSession(context, session, pending) };
  }
  const outcome = resumeSession(context, session);
  return outcome ?? { kind: "challenge", intent: begun.intent };
}

function purchaseOf(
  context: Context,
  session: Stripe.Checkout.Session,
  details: SubmittedDetails,
  tender: Tender,
): Purchase {
  const plan = readHidden(context.store, "checkout.session", session.id);
  const customer = payerOfSession(context, session, plan, details);
  const payable = customer ? { ...session, customer: customer.id } : session;
  const due =
    session.mode === "setup"
      ? 0
      : priceSession(context, payable, plan, customer ? null : details.address).amount_due;
  const method = tender && methodOf(context, session, details, tender);
  return { session, plan, customer, method, due };
}

function methodOf(
  context: Context,
  session: Stripe.Checkout.Session,
  details: SubmittedDetails,
  tender: NonNullable<Tender>,
): Stripe.PaymentMethod {
  if ("saved" in tender) return getByPath(context, "payment_method", tender.saved);
  const described = {
    // https://docs.stripe.com/payments/checkout/save-during-payment
    allowRedisplay: details.savesCard ? "always" : session.mode === "payment" ? "unspecified" : "limited",
    billing: {
      email: details.email,
      name: details.name || null,
      ...(details.address ? { address: details.address } : {}),
      ...(details.phone ? { phone: details.phone } : {}),
    },
  } as const;
  if ("card" in tender) return createCardPaymentMethod(context, tender.card, described);
  const method = createSharedBankPaymentMethod(context, tender.bankAccount, described);
  // Paying on the page is agreeing to be debited.
  createMandate(context, method, { type: "online", acceptedAt: context.now, ip: null, userAgent: null });
  return method;
}

/**
 * What stays of a declined attempt: the intent, its failed charge, and the events of both.
 * https://docs.stripe.com/payments/paymentintents/lifecycle
 */
function recordFailedAttempt(
  context: Context,
  session: Stripe.Checkout.Session,
  details: SubmittedDetails,
  tender: Tender,
): void {
  if (!tender) return;
  const plan = readHidden(context.store, "checkout.session", session.id);
  const customer =
    typeof session.customer === "string" ? getByPath(context, "customer", session.customer) : null;
  const method = methodOf(context, session, details, tender);
  const due = session.mode === "setup" ? 0 : priceSession(context, session, plan, details.address).amount_due;
  if (due === 0) {
    attemptSetup(context, setupOfSession(context, { plan, customer }), method, returnUrlOf(context, session));
    return;
  }
  const intent = intentOfSession(context, { session, plan, customer, due });
  confirmPaymentIntent(context, intent, method, confirmationOf(context, session));
  savePlan(context, session, { ...plan, triedIntent: intent.id });
  if (session.mode !== "payment") return;
  saveObject(context.store, "checkout.session", { ...session, payment_intent: intent.id });
}

function savePlan(context: Context, { id }: Stripe.Checkout.Session, plan: CheckoutSessionPlan): void {
  saveHidden(context.store, "checkout.session", id, plan);
}
