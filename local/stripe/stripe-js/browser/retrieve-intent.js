import { callApi } from "./call-api.js";
import { IntegrationError } from "./integration-error.js";

const PREFIXES = { payment_intent: "pi", setup_intent: "seti" };

/** The intent of a client secret, as `{ value }` or `{ error }`. */
export function retrieveIntent(stripe, clientSecret) {
  const params = { client_secret: clientSecret };
  return callApi({ ...stripe, method: "GET", path: pathOfIntent(clientSecret), params });
}

/** Where the API has the intent of a client secret. */
export function pathOfIntent(clientSecret) {
  const [id] = clientSecret.split("_secret_");
  return `/v1/${id.startsWith("seti_") ? "setup" : "payment"}_intents/${id}`;
}

/** @throws IntegrationError for what is no client secret of an intent of that kind. */
export function checkSecret(call, kind, clientSecret) {
  const pattern = new RegExp(
    `^${kind === undefined ? "(pi|seti)" : PREFIXES[kind]}_[A-Za-z0-9]+_secret_[A-Za-z0-9_]+$`,
  );
  if (typeof clientSecret === "string" && pattern.test(clientSecret)) return;
  throw new IntegrationError(
    `Invalid value for stripe.${call} intent secret: value should be a client secret of the form ` +
      // biome-ignore lint/suspicious/noTemplateCurlyInString: these are Stripe's own words
      "${id}_secret_${secret}" +
      `. You specified: ${typeof clientSecret === "string" ? `'${clientSecret}'` : clientSecret}.`,
  );
}

/** As Stripe.js gives it: `{ paymentIntent }`, `{ setupIntent }` or `{ error }`. */
export function resultOf({ value, error }) {
  if (error) return { error };
  return value.object === "setup_intent" ? { setupIntent: value } : { paymentIntent: value };
}
