import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { getByPath, idOf } from "@/local/stripe/references";
import { findObject, readHidden, saveHidden, saveObject } from "@/local/stripe/store/store";
import { startSubscription } from "@/local/stripe/subscriptions/start-subscription";
import { listTaxIds } from "@/local/stripe/tax/tax-ids";
import { forgetDue } from "@/local/stripe/time/due";
import { priceSession, withPrices } from "./price-session";
import type { CheckoutSessionPlan, PendingPayment } from "./session-plan";
import { subscriptionOfSession } from "./subscription-of-session";

/**
 * Ends a session whose payment is through: starts what was not started yet, fills in what it came to, and tells
 * `checkout.session.completed`. https://docs.stripe.com/api/checkout/sessions/object
 */
export function completeSession(
  context: Context,
  session: Stripe.Checkout.Session,
  pending: PendingPayment,
): Stripe.Checkout.Session {
  const plan = readHidden(context.store, "checkout.session", session.id);
  const customer = pending.customer === null ? null : getByPath(context, "customer", pending.customer);
  const priced = atLastPrices(context, session, plan, pending);
  const results = resultsOf(context, session, plan, pending, customer);
  const { details } = pending;
  const completed: Stripe.Checkout.Session = {
    ...priced.session,
    ...results,
    collected_information: {
      business_name: details.businessName,
      individual_name: null,
      shipping_details: null,
    },
    consent: details.acceptsTerms ? { promotions: null, terms_of_service: "accepted" } : null,
    custom_fields: session.custom_fields.map((field) => answered(field, details.customFields[field.key])),
    customer: customer?.id ?? null,
    customer_details: {
      address: details.address ?? customer?.address ?? null,
      business_name: details.businessName,
      email: details.email,
      individual_name: null,
      name: details.businessName || details.name || (customer?.name ?? null),
      phone: details.phone ?? customer?.phone ?? null,
      tax_exempt: customer?.tax_exempt ?? "none",
      tax_ids: taxIdsOf(context, customer, pending),
    },
    status: "complete",
    url: null,
  };
  saveObject(context.store, "checkout.session", completed);
  const awaitsBank = isWithBank(context, pending);
  saveHidden(context.store, "checkout.session", session.id, { ...priced.plan, awaitsBank, pending: null });
  forgetDue(context.store, session.id);
  emitEvent(context, "checkout.session.completed", completed);
  return completed;
}

function isWithBank(context: Context, { intent }: PendingPayment): boolean {
  if (!intent?.startsWith("pi_")) return false;
  return getByPath(context, "payment_intent", intent).status === "processing";
}

type Results = Partial<
  Pick<
    Stripe.Checkout.Session,
    "payment_status" | "payment_intent" | "setup_intent" | "subscription" | "invoice"
  >
>;

function resultsOf(
  context: Context,
  session: Stripe.Checkout.Session,
  plan: CheckoutSessionPlan,
  pending: PendingPayment,
  customer: Stripe.Customer | null,
): Results {
  if (session.mode === "setup")
    return { payment_status: "no_payment_required", setup_intent: pending.intent };
  if (session.mode === "subscription") return subscribed(context, session, plan, pending, customer);
  if (pending.intent === null) return { payment_status: "no_payment_required", invoice: pending.invoice };
  const intent = getByPath(context, "payment_intent", pending.intent);
  return {
    invoice: pending.invoice,
    payment_intent: intent.id,
    // Money that is only authorized, or under way from a bank, is not paid yet. https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
    payment_status: intent.status === "succeeded" ? "paid" : "unpaid",
  };
}

function subscribed(
  context: Context,
  session: Stripe.Checkout.Session,
  plan: CheckoutSessionPlan,
  pending: PendingPayment,
  customer: Stripe.Customer | null,
): Results {
  if (pending.subscription !== null) {
    const invoice = pending.invoice && getByPath(context, "invoice", pending.invoice);
    return {
      invoice: pending.invoice,
      payment_status: statusOf(invoice || null),
      subscription: pending.subscription,
    };
  }
  if (!customer) throw new Error("A subscription always has a customer.");
  const method = pending.method && findObject(context.store, "payment_method", pending.method);
  const input = subscriptionOfSession(context, session, plan, customer);
  const subscription = startSubscription(
    context,
    { ...input, defaultPaymentMethod: pending.method },
    { method: method || null, behavior: "error_if_incomplete", startsIncomplete: true },
  );
  return {
    invoice: subscription.latest_invoice === null ? null : idOf(subscription.latest_invoice),
    // "The payment is delayed to a future date": https://docs.stripe.com/api/checkout/sessions/object
    payment_status: "no_payment_required",
    subscription: subscription.id,
  };
}

/** A first invoice that is still open waits for a bank. */
function statusOf(invoice: Stripe.Invoice | null): Stripe.Checkout.Session.PaymentStatus {
  if (invoice?.status === "open") return "unpaid";
  return invoice && invoice.amount_paid > 0 ? "paid" : "no_payment_required";
}

/** Shown as they were charged: after a change of address, say, the tax is another. */
function atLastPrices(
  context: Context,
  session: Stripe.Checkout.Session,
  plan: CheckoutSessionPlan,
  pending: PendingPayment,
): { session: Stripe.Checkout.Session; plan: CheckoutSessionPlan } {
  if (session.mode === "setup") return { session, plan };
  if (pending.invoice !== null)
    return withPrices(session, plan, getByPath(context, "invoice", pending.invoice));
  // A payment's discounts are redeemed by now and could not be given again; its amounts were settled before.
  if (session.mode === "payment") return { session, plan };
  const payable = pending.customer === null ? session : { ...session, customer: pending.customer };
  return withPrices(session, plan, priceSession(context, payable, plan));
}

function answered(
  field: Stripe.Checkout.Session.CustomField,
  value: string | undefined,
): Stripe.Checkout.Session.CustomField {
  const given = value === undefined || value === "" ? null : value;
  return {
    ...field,
    ...(field.dropdown ? { dropdown: { ...field.dropdown, value: given } } : {}),
    ...(field.numeric ? { numeric: { ...field.numeric, value: given } } : {}),
    ...(field.text ? { text: { ...field.text, value: given } } : {}),
  };
}

function taxIdsOf(
  context: Context,
  customer: Stripe.Customer | null,
  { details }: PendingPayment,
): Stripe.Checkout.Session.CustomerDetails.TaxId[] {
  if (customer) return listTaxIds(context, customer.id).map(({ type, value }) => ({ type, value }));
  return details.taxId ? [details.taxId] : [];
}
