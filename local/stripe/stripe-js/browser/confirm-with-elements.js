import { billingDetailsOf, shippingOf } from "./billing-details.js";
import { callApi } from "./call-api.js";
import { handleAction } from "./challenge-dialog.js";
import { StripeElements } from "./elements.js";
import { IntegrationError } from "./integration-error.js";
import { checkSecret, pathOfIntent, resultOf, retrieveIntent } from "./retrieve-intent.js";
import { consentOf } from "./saved-methods.js";

const CALLS = { payment_intent: "confirmPayment", setup_intent: "confirmSetup" };

/**
 * `confirmPayment` and `confirmSetup`. https://docs.stripe.com/js/payment_intents/confirm_payment and
 * https://docs.stripe.com/js/setup_intents/confirm_setup
 */
export async function confirmWithElements(stripe, kind, options) {
  const call = CALLS[kind];
  const { elements, confirmParams = {}, redirect = "always" } = options ?? {};
  checkOptions(call, options, redirect);
  const payment = elements ? mountedPayment(elements, call) : null;
  const clientSecret = secretOf(call, kind, options);
  if (payment) {
    const { error } = await elements.submit();
    if (error) return { error };
    const mismatch = await findMismatch(stripe, elements, clientSecret);
    if (mismatch) return { error: mismatch };
  }
  const confirmed = await confirm(stripe, { call, kind, elements, payment, clientSecret, confirmParams });
  const done = confirmed.error ? confirmed : await handleAction(stripe, confirmed.value);
  if (done.error) return { error: done.error };
  if (redirect === "if_required") return resultOf(done);
  leaveFor(confirmParams.return_url, done.value);
  // The page goes away; whoever waits for this must not go on meanwhile.
  return new Promise(() => {});
}

/** @throws IntegrationError unless `elements` has fields to pay with on the page. */
export function mountedPayment(elements, call) {
  const payment = elements instanceof StripeElements ? elements.getElement("payment") : null;
  if (payment?._frame) return payment;
  throw new IntegrationError(
    `Invalid value for stripe.${call}(): elements should have a mounted Payment Element or Express Checkout Element.`,
  );
}

/** @throws IntegrationError when nobody asked yet whether the fields are complete. */
export function checkSubmitted(elements, call) {
  if (elements._isSubmitted) return;
  throw new IntegrationError(
    `elements.submit() must be called before ${call}(). Call elements.submit() as soon as your customer presses pay, prior ` +
      "to any asynchronous work. Integration guide: https://stripe.com/docs/payments/accept-a-payment-deferred",
  );
}

function checkOptions(call, options, redirect) {
  if (options === null || typeof options !== "object") {
    throw new IntegrationError(`Invalid value for stripe.${call}(): options should be an object.`);
  }
  if (redirect !== "always" && redirect !== "if_required") {
    throw new IntegrationError(
      `Invalid value for stripe.${call}(): redirect should be one of the following strings: always, if_required. You specified: ${redirect}.`,
    );
  }
  const returnUrl = options.confirmParams?.return_url;
  if (redirect === "always" && typeof returnUrl !== "string") {
    throw new IntegrationError(
      `Missing value for stripe.${call}(): confirmParams.return_url should be a string.`,
    );
  }
  if (returnUrl !== undefined && !URL.canParse(returnUrl)) {
    throw new IntegrationError(
      `Invalid value for stripe.${call}(): confirmParams.return_url should be a complete URL. You specified: ${returnUrl}.`,
    );
  }
}

function secretOf(call, kind, { elements, clientSecret }) {
  if (elements?._options.mode !== undefined) {
    if (clientSecret === undefined) {
      throw new IntegrationError(
        `Missing value for stripe.${call}(): clientSecret is required when Elements were created with a mode instead of a clientSecret.`,
      );
    }
    checkSubmitted(elements, `stripe.${call}`);
  }
  const secret = clientSecret ?? elements?._options.clientSecret;
  checkSecret(call, kind, secret);
  return secret;
}

/** The intent must be what the Elements were set up for. https://docs.stripe.com/payments/accept-a-payment-deferred */
async function findMismatch(stripe, elements, clientSecret) {
  const { mode, amount, currency } = elements._options;
  if (mode === undefined || mode === "setup") return null;
  const { value: intent, error } = await retrieveIntent(stripe, clientSecret);
  if (error || intent.object !== "payment_intent") return error ?? null;
  const wanted = { amount, currency: String(currency).toLowerCase() };
  for (const [name, value] of Object.entries(wanted)) {
    if (intent[name] === value) continue;
    const message = `The ${name} of the PaymentIntent (${intent[name]}) does not match the ${name} that was passed to Elements (${value}).`;
    return { type: "invalid_request_error", message, payment_intent: intent };
  }
  return null;
}

async function confirm(stripe, { call, kind, elements, payment, clientSecret, confirmParams }) {
  const { payment_method_data: data, shipping, ...rest } = confirmParams;
  const path = `${pathOfIntent(clientSecret)}/confirm`;
  const params = { ...rest, client_secret: clientSecret, use_stripe_sdk: true };
  const address = shipping ?? (elements && kind === "payment_intent" ? shippingOf(elements) : undefined);
  const full = address === undefined ? params : { ...params, shipping: address };
  const send = (more) => callApi({ ...stripe, method: "POST", path, params: { ...full, ...more } });
  if (!payment) return send(data ? { payment_method_data: data } : {});
  const { payment_method: chosen } = payment._state.value;
  if (chosen) return send({ payment_method: chosen.id });
  const consent = consentOf(elements, payment);
  const billing = billingDetailsOf(elements, payment, data?.billing_details, call);
  const methodData = { ...consent.data, ...data, type: "card", billing_details: billing };
  const ofIntent = kind === "payment_intent" ? consent.intent : {};
  return payment._frame.ask("call", {
    ...stripe,
    path,
    params: { ...ofIntent, ...full, payment_method_data: methodData },
    cardAt: ["payment_method_data", "card"],
  });
}

/** https://docs.stripe.com/payments/payment-intents/verifying-status#checking-status-retrieve */
function leaveFor(returnUrl, intent) {
  const url = new URL(returnUrl);
  url.searchParams.set(intent.object, intent.id);
  url.searchParams.set(`${intent.object}_client_secret`, intent.client_secret);
  url.searchParams.set("redirect_status", intent.status === "processing" ? "pending" : "succeeded");
  window.location.assign(url.href);
}
