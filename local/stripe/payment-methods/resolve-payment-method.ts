import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { getByPath } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { createCardPaymentMethod } from "./create-payment-method";
import { findTestCardByAlias } from "./test-cards";

/**
 * A payment method by id, or a fresh one behind a shared test id: each use of `pm_card_visa` makes a
 * payment method of its own. https://docs.stripe.com/testing
 */
export function resolvePaymentMethod(context: Context, id: string): Stripe.PaymentMethod {
  const known = findObject(context.store, "payment_method", id);
  if (known) return known;
  const card = id.startsWith("pm_card_") ? findTestCardByAlias(id) : null;
  if (!card) return getByPath(context, "payment_method", id);
  const now = new Date(context.now * 1000);
  const expiry = { exp_month: now.getUTCMonth() + 1, exp_year: now.getUTCFullYear() + 1 };
  return createCardPaymentMethod(context, { number: card.number, ...expiry }, {});
}
