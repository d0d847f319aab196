import { callApi } from "./call-api.js";

const PATH = "/js/saved_payment_methods";

/**
 * What a customer session lets the Payment Element show, as `{ value }` with the features and the cards, or `{ error }`.
 * https://docs.stripe.com/payments/save-customer-payment-methods
 */
export async function fetchSavedMethods(stripe, clientSecret) {
  const params = { client_secret: clientSecret };
  const { value, error } = await callApi({ ...stripe, method: "GET", path: PATH, params });
  return error ? { error } : { value: { features: value.features, methods: value.payment_methods } };
}

/** Takes a card from the customer. */
export function removeSavedMethod(stripe, clientSecret, id) {
  const params = { client_secret: clientSecret, payment_method: id };
  return callApi({ ...stripe, method: "POST", path: PATH, params });
}

/** The part of a card's object that events of the Payment Element carry. */
export function shownMethod({ id, type, billing_details }) {
  return { id, type, billing_details };
}

/**
 * What the payer's tick says of a new card. A saved one may be shown again where they asked for that; where it is kept
 * anyway it may be shown to them alone.
 * https://docs.stripe.com/api/customer_sessions/create#create_customer_session-components-payment_element-features-payment_method_save
 * @returns `{ data, intent }`, parameters for the card and for the payment intent.
 */
export function consentOf(elements, payment) {
  const features = elements._saved?.features;
  if (features?.payment_method_save !== "enabled") return { data: {}, intent: {} };
  if (!payment._state.value?.savePaymentMethod) {
    return { data: { allow_redisplay: elements._keepsCard() ? "limited" : "unspecified" }, intent: {} };
  }
  const usage = features.payment_method_save_usage;
  return { data: { allow_redisplay: "always" }, intent: usage ? { setup_future_usage: usage } : {} };
}
