import { IntegrationError, notSimulated } from "./integration-error.js";

/** Elements with fields of their own, and what a screen reader calls their frames. */
export const FRAME_TITLES = {
  payment: "Secure payment input frame",
  address: "Secure address input frame",
  card: "Secure card payment input frame",
  cardNumber: "Secure card number input frame",
  cardExpiry: "Secure expiration date input frame",
  cardCvc: "Secure CVC input frame",
};

/** Elements that are never available here, so they show nothing, as Stripe's do where no wallet is set up. */
export const UNAVAILABLE = ["expressCheckout", "linkAuthentication"];

const UNSERVED =
  "auBankAccount contactDetails currencySelector iban idealBank linkSignup paymentForm paymentMethodMessaging shippingAddress taxId terms".split(
    " ",
  );

/** @throws IntegrationError for a name that Stripe does not know, and for one that is not served here. */
export function checkType(type) {
  if (Object.hasOwn(FRAME_TITLES, type) || UNAVAILABLE.includes(type)) return;
  if (UNSERVED.includes(type)) throw notSimulated(`the ${type} Element`);
  const names = [...Object.keys(FRAME_TITLES), ...UNAVAILABLE].join(", ");
  throw new IntegrationError(
    `A valid Element name must be provided. Valid Elements are:\n  ${names}; you passed: ${type}.`,
  );
}
