import { StripeElement } from "./element.js";
import { Emitter } from "./emitter.js";
import { IntegrationError } from "./integration-error.js";
import { retrieveIntent } from "./retrieve-intent.js";
import { fetchSavedMethods } from "./saved-methods.js";

const SECRET = /^(pi|seti)_[A-Za-z0-9]+_secret_[A-Za-z0-9_]+$/;
let groupCount = 0;

/** Elements that belong together. https://docs.stripe.com/js/elements_object */
export class StripeElements extends Emitter {
  #elements = [];
  #loading = null;
  #intent = null;
  _isSubmitted = false;
  /** What the customer session says, as `{ features, methods }`; null without one. */
  _saved = null;

  constructor(stripe, options = {}) {
    super();
    checkOptions(options);
    groupCount += 1;
    this._group = groupCount;
    this._stripe = stripe;
    this._options = { ...options };
  }

  create(type, options) {
    const element = new StripeElement(this, type, options);
    if (type === "payment") this.#checkCanPay();
    if (type === "address" && !["billing", "shipping"].includes(options?.mode)) {
      throw new IntegrationError("You must supply options.mode. mode must be 'billing' or 'shipping'.");
    }
    if (
      this.#elements.some((other) => other._type === type && other._options.mode === element._options.mode)
    ) {
      throw new IntegrationError(`Can only create one Element of type ${type} through an Elements instance.`);
    }
    this.#elements.push(element);
    return element;
  }

  /** Also takes a component of react-stripe-js. */
  getElement(type, { mode } = {}) {
    const name = typeof type === "string" ? type : type?.__elementType;
    const isMeant = (element) =>
      element._type === name && (mode === undefined || element._options.mode === mode);
    return this.#elements.find(isMeant) ?? null;
  }

  update(options = {}) {
    if (options.mode !== undefined && this._options.clientSecret !== undefined) {
      throw new IntegrationError(
        "You cannot update the mode of Elements that were created with a clientSecret.",
      );
    }
    const merged = { ...this._options, ...options };
    checkOptions(merged);
    const isOther = (name) => merged[name] !== this._options[name];
    if (isOther("clientSecret") || isOther("customerSessionClientSecret")) this.#loading = null;
    this._options = merged;
    for (const element of this.#elements) element._tellOptions();
    queueMicrotask(() => this._emit("update-end", {}));
  }

  /** https://docs.stripe.com/js/elements/fetch_updates */
  async fetchUpdates() {
    this.#loading = null;
    const error = await this._load();
    if (error) return { error };
    for (const element of this.#elements) element._tellOptions();
    return {};
  }

  /** https://docs.stripe.com/js/elements/submit */
  async submit() {
    for (const element of this.#elements) {
      if (!element._frame || !["payment", "address"].includes(element._type)) continue;
      const { error, state } = await element._frame.ask("validate");
      if (error) return { error };
      if (state) element._state = state;
    }
    this._isSubmitted = true;
    return this.getElement("payment") ? { selectedPaymentMethod: "card" } : {};
  }

  /** Looks the intent and the saved cards up once; @returns what is wrong with them, or null. */
  _load() {
    this.#loading ??= Promise.all([this.#fetchIntent(), this.#fetchSaved()]).then(
      ([intent, saved]) => intent ?? saved,
    );
    return this.#loading;
  }

  /** Whether what is paid with will be used again, which the payer is told. */
  _keepsCard() {
    const { mode, setupFutureUsage, setup_future_usage: usage } = this._options;
    if (mode !== undefined) return mode !== "payment" || Boolean(setupFutureUsage ?? usage);
    return this.#intent?.object === "setup_intent" || Boolean(this.#intent?.setup_future_usage);
  }

  _forget(element) {
    this.#elements = this.#elements.filter((other) => other !== element);
  }

  _forgetSaved(id) {
    const { features, methods } = this._saved;
    this._saved = { features, methods: methods.filter((method) => method.id !== id) };
    for (const element of this.#elements) element._tellOptions();
  }

  async #fetchSaved() {
    const { customerSessionClientSecret: secret } = this._options;
    const { value = null, error = null } = secret ? await fetchSavedMethods(this._stripe, secret) : {};
    this._saved = value;
    return error;
  }

  async #fetchIntent() {
    const { clientSecret } = this._options;
    if (clientSecret === undefined) return null;
    const { value, error } = await retrieveIntent(this._stripe, clientSecret);
    if (error) return error;
    this.#intent = value;
    if (!["succeeded", "canceled", "requires_capture", "processing"].includes(value.status)) return null;
    const name = value.object === "setup_intent" ? "SetupIntent" : "PaymentIntent";
    return {
      type: "invalid_request_error",
      code: `${value.object}_unexpected_state`,
      message: `This ${name} is in a terminal state and cannot be used to initialize Elements.`,
      [value.object]: value,
    };
  }

  #checkCanPay() {
    if (this._options.clientSecret !== undefined || this._options.mode !== undefined) return;
    throw new IntegrationError(
      'In order to create a payment element, you must pass a clientSecret or mode when creating the Elements group.\n\ne.g. stripe.elements({clientSecret: "{{CLIENT_SECRET}}"})',
    );
  }
}

/** https://docs.stripe.com/js/elements_object/create and …/create_without_intent */
function checkOptions(options) {
  const { clientSecret, customerSessionClientSecret: session, mode, amount, currency } = options;
  if (clientSecret !== undefined && mode !== undefined) {
    throw new IntegrationError("Invalid value for elements(): You cannot pass both clientSecret and mode.");
  }
  if (clientSecret !== undefined && (typeof clientSecret !== "string" || !SECRET.test(clientSecret))) {
    throw new IntegrationError(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: these are Stripe's own words
      "Invalid value for elements(): clientSecret should be a client secret of the form ${id}_secret_${secret}. " +
        `You specified: ${clientSecret}.`,
    );
  }
  if (session !== undefined && (typeof session !== "string" || !session.startsWith("cuss_secret_"))) {
    throw new IntegrationError(
      `Invalid value for elements(): customerSessionClientSecret should be a client secret of a customer session. You specified: ${session}.`,
    );
  }
  if (mode === undefined) return;
  if (!["payment", "setup", "subscription"].includes(mode)) {
    throw new IntegrationError(
      `Invalid value for elements(): mode should be one of the following strings: payment, setup, subscription. You specified: ${mode}.`,
    );
  }
  if (mode === "setup") return;
  const isAmount = Number.isInteger(amount) && (mode === "subscription" ? amount >= 0 : amount > 0);
  if (!isAmount) {
    throw new IntegrationError(
      `Invalid value for elements(): amount should be ${mode === "subscription" ? "an integer of zero or more" : "a positive integer"}. You specified: ${amount}.`,
    );
  }
  if (typeof currency !== "string" || currency === "") {
    throw new IntegrationError("Missing value for elements(): currency should be a string.");
  }
}
