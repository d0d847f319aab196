import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";

/**
 * What is charged for a subscription: its own default, else the customer's. One that was detached meanwhile is
 * none. https://docs.stripe.com/billing/subscriptions/payment-methods-setting#payment-method-priority
 */
export function findDefaultPaymentMethod(
  context: Context,
  payer: Pick<Stripe.Subscription, "customer" | "default_payment_method">,
): Stripe.PaymentMethod | null {
  const customer = findObject(context.store, "customer", idOf(payer.customer));
  const reference = payer.default_payment_method ?? customer?.invoice_settings.default_payment_method ?? null;
  const method = reference && findObject(context.store, "payment_method", idOf(reference));
  return method && customer && method.customer === customer.id ? method : null;
}
