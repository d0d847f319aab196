import { cardErrorMessage } from "./card-error-messages.js";

/** An object as a form the API reads: `a[b]=c`; what is undefined is left out. */
export function encodeForm(params, form = new URLSearchParams(), prefix = "") {
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    const path = prefix === "" ? name : `${prefix}[${name}]`;
    if (value !== null && typeof value === "object") encodeForm(value, form, path);
    else form.append(path, value === null ? "" : String(value));
  }
  return form;
}

/**
 * Calls the API with the publishable key. Never throws: what goes wrong is `{ error }`, in Stripe's shape.
 * https://docs.stripe.com/js/payment_intents/confirm_payment
 */
export async function callApi({ baseUrl, key, method, path, params, language }) {
  const form = encodeForm(params ?? {});
  const url = `${baseUrl}${path}${method === "GET" && form.size > 0 ? `?${form}` : ""}`;
  try {
    const response = await fetch(url, {
      method,
      headers: { Authorization: `Bearer ${key}` },
      ...(method === "GET" ? {} : { body: form }),
    });
    const answer = await response.json();
    return response.ok ? { value: answer } : { error: localized(answer.error, language) };
  } catch {
    return {
      error: { type: "api_connection_error", message: cardErrorMessage("api_connection_error", language) },
    };
  }
}

function localized(error, language) {
  if (error?.type !== "card_error" || language === "en") return error;
  const message = cardErrorMessage(error.decline_code, language) ?? cardErrorMessage(error.code, language);
  return message ? { ...error, message } : error;
}
