import { callApi } from "./call-api.js";
import { findNode } from "./find-node.js";
import { Frame } from "./frame.js";
import { IntegrationError, notSimulated } from "./integration-error.js";

const SESSION_SECRET = /^cs_test_[A-Za-z0-9]+_secret_[A-Za-z0-9]+$/;
let current = null;

/** https://docs.stripe.com/js/embedded_checkout/init */
export async function createEmbeddedCheckout(stripe, options = {}) {
  for (const name of ["onShippingDetailsChange", "onLineItemsChange"]) {
    if (options[name]) throw notSimulated(`${name} of embedded checkout`);
  }
  if (current) throw new IntegrationError("You cannot have multiple Embedded Checkout objects.");
  const checkout = new EmbeddedCheckout(stripe, options.onComplete);
  current = checkout;
  try {
    const clientSecret = await (options.fetchClientSecret
      ? options.fetchClientSecret()
      : options.clientSecret);
    await checkout._load(clientSecret);
    return checkout;
  } catch (error) {
    current = null;
    throw error;
  }
}

class EmbeddedCheckout {
  #stripe;
  #onComplete;
  #secret = null;
  #frame = null;
  #isDestroyed = false;
  #isComplete = false;

  constructor(stripe, onComplete) {
    this.#stripe = stripe;
    this.#onComplete = onComplete;
  }

  async _load(clientSecret) {
    if (typeof clientSecret !== "string" || !SESSION_SECRET.test(clientSecret)) {
      throw new IntegrationError(
        // biome-ignore lint/suspicious/noTemplateCurlyInString: these are Stripe's own words
        "Invalid value for createEmbeddedCheckoutPage(): clientSecret should be a client secret of the form ${id}_secret_${secret}. " +
          `You specified: ${clientSecret}.`,
      );
    }
    const params = { client_secret: clientSecret };
    const { error } = await callApi({ ...this.#stripe, method: "GET", path: "/js/checkout", params });
    if (error) throw Object.assign(new Error(error.message), error);
    this.#secret = clientSecret;
  }

  mount(target) {
    if (this.#isDestroyed)
      throw new IntegrationError(
        "This Embedded Checkout has already been destroyed. Please create a new one.",
      );
    const node = findNode(target);
    this.unmount();
    const frame = new Frame({
      baseUrl: this.#stripe.baseUrl,
      path: `/c/pay/${this.#secret}`,
      title: "Secure payment page",
      options: () => ({}),
      onMessage: (kind, detail) => kind === "complete" && this.#completed(detail),
    });
    frame.iframe.name = "embedded-checkout";
    frame.iframe.style.height = "40rem";
    this.#frame = frame;
    node.replaceChildren(frame.iframe);
  }

  unmount() {
    this.#frame?.remove();
    this.#frame = null;
  }

  destroy() {
    this.unmount();
    this.#isDestroyed = true;
    if (current === this) current = null;
  }

  /** https://docs.stripe.com/payments/checkout/custom-success-page?payment-ui=embedded-form */
  #completed({ return_url: returnUrl }) {
    if (this.#isComplete) return;
    this.#isComplete = true;
    if (returnUrl === null) this.#onComplete?.();
    else if (/^https?:\/\//.test(returnUrl)) window.location.assign(returnUrl);
  }
}
