import { billingDetailsOf } from "./billing-details.js";
import { frameOfCard, sendCard } from "./confirm-card.js";
import { checkSubmitted, mountedPayment } from "./confirm-with-elements.js";
import { StripeElement } from "./element.js";
import { IntegrationError, notSimulated } from "./integration-error.js";
import { consentOf } from "./saved-methods.js";

/**
 * From an Element (`{ type, card }`) or from a group (`{ elements, params }`).
 * https://docs.stripe.com/js/payment_methods/create_payment_method
 */
export async function createPaymentMethod(stripe, given, element, extra) {
  // The older form: (type, element, data).
  const options = typeof given === "string" ? { type: given, card: element, ...extra } : given;
  if (options === null || typeof options !== "object") {
    throw new IntegrationError(
      "Invalid value for stripe.createPaymentMethod(): options should be an object.",
    );
  }
  if (options.elements) return fromElements(stripe, options);
  if (options.type !== "card") throw notSimulated(`payment methods of type ${options.type}`);
  return named(await sendCard(stripe, "/v1/payment_methods", options, { params: {}, at: null }));
}

/** https://docs.stripe.com/js/tokens/create_token */
export async function createToken(stripe, element, data = {}) {
  if (!(element instanceof StripeElement)) throw notSimulated(`tokens of ${element}`);
  const frame = frameOfCard(element);
  const { error } = await frame.ask("validate");
  if (error) return { error };
  const { name, address_line1, address_line2, address_city, address_state, address_zip, address_country } =
    data;
  const zip = address_zip ?? (element._state.value?.postalCode || undefined);
  const card = {
    name,
    address_line1,
    address_line2,
    address_city,
    address_state,
    address_zip: zip,
    address_country,
  };
  const { value, error: refusal } = await frame.ask("call", {
    ...stripe,
    path: "/v1/tokens",
    params: { card },
    cardAt: ["card"],
  });
  return refusal ? { error: refusal } : { token: value };
}

async function fromElements(stripe, { elements, params = {} }) {
  const payment = mountedPayment(elements, "createPaymentMethod");
  if (elements._options.mode !== undefined && elements._options.paymentMethodCreation !== "manual") {
    throw new IntegrationError(
      "To use createPaymentMethod() with elements, you must create the elements with paymentMethodCreation: 'manual'.",
    );
  }
  checkSubmitted(elements, "createPaymentMethod");
  const { payment_method: chosen } = payment._state.value;
  if (chosen) return { paymentMethod: elements._saved.methods.find(({ id }) => id === chosen.id) };
  const billing = billingDetailsOf(elements, payment, params.billing_details, "createPaymentMethod");
  const { data } = consentOf(elements, payment);
  const body = { ...data, ...params, type: "card", billing_details: billing };
  return named(
    await payment._frame.ask("call", {
      ...stripe,
      path: "/v1/payment_methods",
      params: body,
      cardAt: ["card"],
    }),
  );
}

function named({ value, error }) {
  return error ? { error } : { paymentMethod: value };
}
