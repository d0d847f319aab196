import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { settleInvoicePayment } from "@/local/stripe/invoices/settle-invoice-payment";
import { getByPath, idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";

/**
 * What follows from an intent that was confirmed by itself rather than through its invoice: a paid invoice, with all
 * that follows from that, and the method it was paid with as the subscription's default, if the subscription asks for
 * it. https://docs.stripe.com/billing/subscriptions/build-subscriptions and
 * https://docs.stripe.com/api/subscriptions/object#subscription_object-payment_settings-save_default_payment_method
 */
export function followIntent(context: Context, intent: Stripe.PaymentIntent): Stripe.PaymentIntent {
  if (intent.status !== "succeeded") return intent;
  const invoice = settleInvoicePayment(context, intent);
  if (invoice) saveDefaultMethod(context, invoice, intent);
  return getByPath(context, "payment_intent", intent.id);
}

function saveDefaultMethod(context: Context, invoice: Stripe.Invoice, intent: Stripe.PaymentIntent): void {
  const reference = invoice.parent?.subscription_details?.subscription;
  const subscription = reference ? findObject(context.store, "subscription", idOf(reference)) : null;
  if (subscription?.payment_settings?.save_default_payment_method !== "on_subscription") return;
  if (intent.payment_method === null) return;
  const method = getByPath(context, "payment_method", idOf(intent.payment_method));
  if (method.customer === null) return;
  const changed: Stripe.Subscription = { ...subscription, default_payment_method: method.id };
  saveAndTell(context, "subscription", changed, subscription, "customer.subscription.updated");
}
