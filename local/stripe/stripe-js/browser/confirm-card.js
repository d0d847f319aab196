import { callApi } from "./call-api.js";
import { handleAction } from "./challenge-dialog.js";
import { NOT_MOUNTED, StripeElement } from "./element.js";
import { IntegrationError } from "./integration-error.js";
import { checkSecret, pathOfIntent, resultOf } from "./retrieve-intent.js";

/**
 * `confirmCardPayment` and `confirmCardSetup`. https://docs.stripe.com/js/payment_intents/confirm_card_payment and
 * https://docs.stripe.com/js/setup_intents/confirm_card_setup
 */
export async function confirmCard(
  stripe,
  kind,
  call,
  clientSecret,
  data = {},
  { handleActions = true } = {},
) {
  checkSecret(call, kind, clientSecret);
  if (data instanceof StripeElement) {
    throw new IntegrationError(
      `Do not pass an Element to stripe.${call}() directly.\nFor more information: https://stripe.com/docs/stripe-js/reference`,
    );
  }
  const { payment_method: method, ...rest } = data;
  const params = { ...rest, client_secret: clientSecret, use_stripe_sdk: true };
  const path = `${pathOfIntent(clientSecret)}/confirm`;
  const confirmed =
    method === undefined || typeof method === "string"
      ? await callApi({ ...stripe, method: "POST", path, params: { ...params, payment_method: method } })
      : await sendCard(stripe, path, method, { params, at: "payment_method_data" });
  if (confirmed.error || !handleActions) return resultOf(confirmed);
  return resultOf(await handleAction(stripe, confirmed.value));
}

/** Sends the card of an Element, or a token's, from where it was typed. */
export async function sendCard(stripe, path, { card, type: _type, ...method }, { params, at }) {
  const data = { ...method, type: "card" };
  const put = (extra) =>
    at === null ? { ...params, ...data, ...extra } : { ...params, [at]: { ...data, ...extra } };
  if (!(card instanceof StripeElement))
    return callApi({ ...stripe, method: "POST", path, params: put({ card }) });
  const frame = frameOfCard(card);
  const { error } = await frame.ask("validate");
  if (error) return { error };
  const postalCode = card._state.value?.postalCode;
  const billing = method.billing_details ?? {};
  const address = postalCode ? { postal_code: postalCode, ...billing.address } : billing.address;
  const details = address ? { billing_details: { ...billing, address } } : {};
  const cardAt = at === null ? ["card"] : [at, "card"];
  return frame.ask("call", { ...stripe, path, params: put(details), cardAt });
}

/** @throws IntegrationError for an Element that has no card or is not on the page. */
export function frameOfCard(element) {
  if (!["card", "cardNumber"].includes(element._type)) {
    throw new IntegrationError(
      `A card or cardNumber Element is needed; you passed the ${element._type} Element.`,
    );
  }
  if (!element._frame) throw new IntegrationError(NOT_MOUNTED);
  return element._frame;
}
