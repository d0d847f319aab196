import type Stripe from "stripe";
import { createSharedBankPaymentMethod } from "@/local/stripe/bank-debits/create-bank-payment-method";
import { findTestBankAccountById } from "@/local/stripe/bank-debits/test-bank-accounts";
import type { Context } from "@/local/stripe/context";
import { getByParam, getByPath } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { createCardPaymentMethod } from "./create-payment-method";
import { findTestCardByAlias, sharedCard } from "./test-cards";

/**
 * A payment method by id, or a fresh one behind a shared test id: each use of `pm_card_visa` makes a payment method of
 * its own. https://docs.stripe.com/testing
 * @param param the parameter that names it; without one the URL does.
 */
export function resolvePaymentMethod(context: Context, id: string, param?: string): Stripe.PaymentMethod {
  const known = findObject(context.store, "payment_method", id);
  if (known) return known;
  const card = id.startsWith("pm_card_") ? findTestCardByAlias(id) : null;
  if (card) return createCardPaymentMethod(context, sharedCard(card, context.now), {});
  const account = findTestBankAccountById(id);
  if (account) return createSharedBankPaymentMethod(context, account);
  return param === undefined
    ? getByPath(context, "payment_method", id)
    : getByParam(context, "payment_method", id, param);
}
