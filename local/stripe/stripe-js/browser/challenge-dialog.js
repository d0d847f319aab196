import { callApi } from "./call-api.js";
import { cardErrorMessage } from "./card-error-messages.js";
import { pathOfIntent, retrieveIntent } from "./retrieve-intent.js";

const POLL_MS = 400;

/**
 * Does what an intent asks of the payer: 3D Secure in a dialog over the page, anything else on a page of its own.
 * https://docs.stripe.com/payments/3d-secure/authentication-flow
 * @returns `{ value }` with the intent as it is afterwards, or `{ error }`.
 */
export async function handleAction(stripe, intent) {
  const action = intent.next_action;
  if (intent.status !== "requires_action" || !action) return { value: intent };
  if (action.type === "redirect_to_url") {
    window.location.assign(action.redirect_to_url.url);
    return new Promise(() => {});
  }
  const url = action.use_stripe_sdk?.stripe_js;
  if (typeof url !== "string" || new URL(url).origin !== new URL(stripe.baseUrl).origin) {
    return {
      error: {
        type: "invalid_request_error",
        message: `Not simulated yet by the local Stripe: the next action ${action.type}.`,
      },
    };
  }
  return outcomeOf(stripe, await askBank(stripe, intent, url));
}

function outcomeOf(stripe, { value: intent, error }) {
  if (error) return { error };
  const failure = intent.last_payment_error ?? intent.last_setup_error;
  if (intent.status !== "requires_payment_method" || !failure) return { value: intent };
  const isAuthentication = failure.code?.endsWith("_authentication_failure");
  const told = isAuthentication
    ? { message: cardErrorMessage("authentication_failure", stripe.language) }
    : {};
  return { error: { ...failure, ...told, [intent.object]: intent } };
}

/** Until the bank's page has an answer, or the payer closes it, which is a refusal. */
function askBank(stripe, intent, url) {
  const dialog = buildDialog(url);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    let timer = 0;
    let isOver = false;
    const end = (result) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      dialog.close();
      dialog.remove();
      resolve(result);
    };
    const poll = async () => {
      const { value, error } = await retrieveIntent(stripe, intent.client_secret);
      if (isOver) return;
      const isLost = error && error.type !== "api_connection_error";
      if (isLost || (value && value.status !== "requires_action")) end({ value, error });
      else timer = setTimeout(poll, POLL_MS);
    };
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    const abandon = async () => end(await refuse(stripe, intent));
    dialog.querySelector("button").addEventListener("click", abandon);
    dialog.addEventListener("keydown", ({ key }) => key === "Escape" && abandon());
    timer = setTimeout(poll, POLL_MS);
  });
}

function refuse(stripe, intent) {
  const path = pathOfIntent(intent.client_secret).replace("/v1/", "/js/authentication/");
  return callApi({ ...stripe, method: "POST", path, params: { client_secret: intent.client_secret } });
}

function buildDialog(url) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", "3D Secure");
  const box = {
    width: "min(34rem, 100vw)",
    height: "min(36rem, 100dvh)",
    maxWidth: "100vw",
    maxHeight: "100dvh",
  };
  Object.assign(dialog.style, box, {
    padding: "0",
    border: "0",
    borderRadius: "8px",
    overflow: "hidden",
    background: "#fff",
    color: "#1a1f36",
  });
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Cancel";
  Object.assign(close.style, {
    font: "600 16px/1 system-ui, sans-serif",
    padding: "12px 16px",
    minHeight: "44px",
    border: "0",
    background: "none",
    color: "#1a1f36",
    cursor: "pointer",
  });
  const iframe = document.createElement("iframe");
  iframe.title = "3D Secure challenge";
  iframe.name = "stripe-challenge-frame";
  iframe.src = url;
  Object.assign(iframe.style, { border: "0", display: "block", width: "100%", height: "calc(100% - 44px)" });
  dialog.append(close, iframe);
  return dialog;
}
