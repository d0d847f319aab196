import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest, type StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { readHidden, saveHidden, saveObject } from "@/local/stripe/store/store";
import type { CardBehavior } from "./test-cards";

/**
 * Notes that the bank was asked about a method. One that is no customer's and is not about to become one can be charged
 * only once. https://docs.stripe.com/payments/payment-methods#using-paymentmethods
 */
export function notePaymentMethodUse(
  context: Context,
  method: Stripe.PaymentMethod,
  isKept: boolean,
): Stripe.PaymentMethod {
  const secrets = readHidden(context.store, "payment_method", method.id);
  if (method.customer === null && !isKept) {
    saveHidden(context.store, "payment_method", method.id, { ...secrets, isUsedUp: true });
  }
  const { checks } = method.card ?? {};
  const isUnchecked = checks && Object.values(checks).includes("unchecked");
  if (!isUnchecked) return method;
  const checked: Stripe.PaymentMethod = { ...method, card: checkedByBank(method.card, secrets) };
  saveObject(context.store, "payment_method", checked);
  return checked;
}

/** Notes that the holder agreed, authenticated where asked, to be charged when not there. */
export function noteSetUp(context: Context, methodId: string): void {
  const secrets = readHidden(context.store, "payment_method", methodId);
  if (!secrets.isSetUp) {
    saveHidden(context.store, "payment_method", methodId, { ...secrets, isSetUp: true });
  }
}

/**
 * A method can be used by the customer it is attached to, or by anybody while it is nobody's.
 * @throws StripeApiError 400 naming the parameter.
 */
export function checkMethodIsUsable(
  context: Context,
  method: Stripe.PaymentMethod,
  customer: string | null,
  intentName: "PaymentIntent" | "SetupIntent",
): void {
  const param = "payment_method";
  if (method.customer === null) {
    if (!readHidden(context.store, "payment_method", method.id).isUsedUp) return;
    throw usedUp();
  }
  if (customer === null) {
    throw invalidRequest(
      `The \`payment_method\` parameter supplied ${method.id} belongs to the Customer ${method.customer}. Please include ` +
        `the Customer in the \`customer\` parameter on the ${intentName}.`,
      { param },
    );
  }
  if (method.customer !== customer) {
    throw invalidRequest(
      `The customer does not have a payment method with the ID ${method.id}. The payment method must be attached to the customer.`,
      { code: "resource_missing", param },
    );
  }
}

/** What a method is answered with that was charged without being a customer's, or was detached. */
export function usedUp(): StripeApiError {
  return invalidRequest(
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a " +
      "connected account without Customer attachment, or was detached from a Customer. It may not be used again. To " +
      "use a PaymentMethod multiple times, you must attach it to a Customer first.",
  );
}

/** What was given beside the number, as the bank sees it. */
export function checkedByBank(
  card: Stripe.PaymentMethod.Card | undefined,
  behavior: CardBehavior,
): Stripe.PaymentMethod.Card | undefined {
  if (!card?.checks) return card;
  const { address_line1_check: line1, address_postal_code_check: postalCode, cvc_check: cvc } = card.checks;
  return {
    ...card,
    checks: {
      address_line1_check: line1 && behavior.checks.line1,
      address_postal_code_check: postalCode && behavior.checks.postalCode,
      cvc_check: cvc && behavior.checks.cvc,
    },
  };
}
