import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { invalidRequest, StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { getByParam } from "@/local/stripe/references";
import { readHidden, saveObject } from "@/local/stripe/store/store";
import type { Decline } from "./test-cards";

/**
 * Attaches a payment method to a customer, which is where a card that cannot be saved is declined.
 * https://docs.stripe.com/api/payment_methods/attach
 */
export function attachPaymentMethod(
  context: Context,
  method: Stripe.PaymentMethod,
  customerId: string,
): Stripe.PaymentMethod {
  if (method.customer === customerId) return method;
  const { onSetup, isUsedUp } = readHidden(context.store, "payment_method", method.id);
  if (method.customer !== null || isUsedUp) {
    throw invalidRequest(
      "This PaymentMethod was previously used without being attached to a Customer or was detached from a " +
        "Customer, and may not be used again.",
    );
  }
  if (onSetup) throw cardDeclined(onSetup);
  const attached: Stripe.PaymentMethod = { ...method, customer: customerId, card: passedChecks(method.card) };
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
  details: { charge?: string; payment_method?: Stripe.PaymentMethod } = {},
): StripeApiError {
  return new StripeApiError(402, {
    type: "card_error",
    code: decline.code,
    decline_code: decline.declineCode,
    message: decline.message,
    ...(decline.code === "incorrect_cvc" ? { param: "cvc" } : {}),
    ...(decline.code === "expired_card" ? { param: "exp_month" } : {}),
    ...details,
  });
}

/** The bank has seen the CVC now. */
function passedChecks(card: Stripe.PaymentMethod.Card | undefined): Stripe.PaymentMethod.Card | undefined {
  if (!card?.checks) return card;
  const cvcCheck = card.checks.cvc_check === null ? null : "pass";
  return { ...card, checks: { ...card.checks, cvc_check: cvcCheck } };
}
