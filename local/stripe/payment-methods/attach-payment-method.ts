import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { invalidRequest, StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { getByParam } from "@/local/stripe/references";
import { readHidden, saveObject } from "@/local/stripe/store/store";
import type { Decline } from "./declines";
import { checkedByBank, usedUp } from "./use-payment-method";

/**
 * Attaches a payment method to a customer, which is where a card that cannot be saved is declined.
 * https://docs.stripe.com/api/payment_methods/attach
 * @param isVerified whether the bank was asked about the card before, by a payment or a setup.
 */
export function attachPaymentMethod(
  context: Context,
  method: Stripe.PaymentMethod,
  customerId: string,
  isVerified = false,
): Stripe.PaymentMethod {
  if (method.customer === customerId) return method;
  if (method.customer !== null) {
    throw invalidRequest("The payment method you provided has already been attached to a customer.");
  }
  const secrets = readHidden(context.store, "payment_method", method.id);
  if (secrets.isUsedUp) throw usedUp();
  if (secrets.onSetup && !isVerified) throw cardDeclined(secrets.onSetup);
  const attached: Stripe.PaymentMethod = {
    ...method,
    customer: customerId,
    ...(method.card ? { card: checkedByBank(method.card, secrets) } : {}),
  };
  saveObject(context.store, "payment_method", attached);
  emitEvent(context, "payment_method.attached", attached);
  return attached;
}

/**
 * The payment method, which must be attached to that customer.
 * @throws StripeApiError 400 naming the parameter.
 */
export function getAttachedPaymentMethod(
  context: Context,
  id: string,
  customerId: string,
  param: string,
): Stripe.PaymentMethod {
  const method = getByParam(context, "payment_method", id, param);
  if (method.customer === customerId) return method;
  throw invalidRequest(
    `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
    { code: "resource_missing", param },
  );
}

/** A decline as the API answers it. https://docs.stripe.com/declines/codes */
export function cardDeclined(
  decline: Decline,
  details: {
    charge?: string;
    payment_intent?: Stripe.PaymentIntent;
    payment_method?: Stripe.PaymentMethod;
    setup_intent?: Stripe.SetupIntent;
  } = {},
): StripeApiError {
  return new StripeApiError(402, {
    type: "card_error",
    code: decline.code,
    decline_code: decline.declineCode,
    message: decline.message,
    ...(decline.adviceCode === undefined ? {} : { advice_code: decline.adviceCode }),
    ...(decline.networkDeclineCode === undefined ? {} : { network_decline_code: decline.networkDeclineCode }),
    ...(decline.code === "incorrect_cvc" ? { param: "cvc" } : {}),
    ...(decline.code === "expired_card" ? { param: "exp_month" } : {}),
    ...details,
  });
}
