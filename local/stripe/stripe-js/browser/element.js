import { checkType, FRAME_TITLES, UNAVAILABLE } from "./element-types.js";
import { Emitter } from "./emitter.js";
import { findNode } from "./find-node.js";
import { Frame } from "./frame.js";
import { IntegrationError, notSimulated } from "./integration-error.js";
import { languageOf } from "./locale.js";
import { removeSavedMethod, shownMethod } from "./saved-methods.js";

/** Which of an element's options its frame is told. */
const FRAME_OPTIONS =
  "allowedCountries business defaultValues disabled display fields hidePostalCode layout mode placeholder readOnly style terms validation value".split(
    " ",
  );

/** https://docs.stripe.com/js/element */
export class StripeElement extends Emitter {
  #isDestroyed = false;
  #frame = null;
  #root = null;
  #isReady = false;
  /** What its fields say now; an element that was not touched yet has not said anything. */
  _state = { empty: true, complete: false, value: {} };

  constructor(elements, type, options) {
    super();
    checkType(type);
    this._elements = elements;
    this._type = type;
    this._options = { ...options };
  }

  get _frame() {
    return this.#frame;
  }

  mount(target) {
    this.#checkAlive();
    const node = findNode(target);
    if (this.#root === node) return;
    this.unmount();
    this.#root = node;
    node.replaceChildren();
    node.classList.add("StripeElement", "StripeElement--empty");
    if (UNAVAILABLE.includes(this._type)) {
      queueMicrotask(() => this._emit("ready", { elementType: this._type, ...this.#unavailability() }));
      return;
    }
    this.#show(node);
  }

  unmount() {
    this.#frame?.remove();
    this.#frame = null;
    this.#isReady = false;
    if (!this.#root) return;
    this.#root.replaceChildren();
    this.#root.classList.remove(
      ...["", "--empty", "--complete", "--invalid", "--focus"].map((end) => `StripeElement${end}`),
    );
    this.#root = null;
    this._state = { empty: true, complete: false, value: {} };
  }

  destroy() {
    this.#checkAlive();
    this.unmount();
    this.#isDestroyed = true;
    this._elements._forget(this);
  }

  update(options = {}) {
    this.#checkAlive();
    Object.assign(this._options, options);
    this._tellOptions();
    return this;
  }

  focus() {
    this.#frame?.iframe.focus();
    this.#frame?.tell("focus");
  }

  blur() {
    this.#frame?.tell("blur");
  }

  clear() {
    this.#frame?.tell("clear");
  }

  /** https://docs.stripe.com/js/elements_object/collapse_payment_element */
  collapse() {
    if (this._type !== "payment") throw notSimulated(`collapse() of the ${this._type} Element`);
    this.#frame?.tell("collapse");
    return this;
  }

  /** https://docs.stripe.com/js/elements_object/get_value_address_element */
  async getValue() {
    if (this._type !== "address") throw notSimulated(`getValue() of the ${this._type} Element`);
    if (!this.#frame) throw new IntegrationError(NOT_MOUNTED);
    const { error: _error, ...value } = await this.#frame.ask("validate");
    return value;
  }

  _tellOptions() {
    this.#frame?.tell("update", this.#frameOptions());
  }

  #show(node) {
    const frame = new Frame({
      baseUrl: this._elements._stripe.baseUrl,
      path: `/js/elements/${this._type}`,
      title: FRAME_TITLES[this._type],
      options: () => this.#frameOptions(),
      onMessage: (kind, detail) => this.#hear(kind, detail),
    });
    this.#frame = frame;
    if (this._elements._options.appearance?.theme === "night") frame.iframe.style.colorScheme = "dark";
    const box = document.createElement("div");
    box.className = "__PrivateStripeElement";
    box.append(frame.iframe);
    node.append(box);
    if (this._type !== "payment") {
      frame.opened.then(() => this.#frame === frame && this._emit("ready", { elementType: this._type }));
      return;
    }
    queueMicrotask(() => this._emit("loaderstart", { elementType: this._type }));
    Promise.all([this._elements._load(), frame.opened]).then(([error]) => {
      // Unmounted meanwhile: nobody waits for it any more.
      if (this.#frame !== frame) return;
      if (!error) {
        this.#isReady = true;
        this._tellOptions();
        this._emit("ready", { elementType: this._type });
        return;
      }
      frame.iframe.hidden = true;
      frame.iframe.style.display = "none";
      if (!this._emit("loaderror", { elementType: this._type, error })) {
        console.error(`Unhandled ${this._type} Element loaderror`, error);
      }
    });
  }

  #hear(kind, detail) {
    if (kind === "change") this.#changed(detail);
    else if (kind === "focus" || kind === "blur") {
      this.#root?.classList.toggle("StripeElement--focus", kind === "focus");
      this._emit(kind, { elementType: this._type });
    } else if (kind === "escape") this._emit("escape", { elementType: this._type });
    else if (kind === "remove") this.#removeSaved(detail);
    // As in a field of the page's own.
    else if (kind === "enter") this.#root?.closest("form")?.requestSubmit();
  }

  #changed(detail) {
    this._state = detail;
    const { classList } = this.#root ?? document.createElement("div");
    classList.toggle("StripeElement--empty", detail.empty);
    classList.toggle("StripeElement--complete", detail.complete);
    classList.toggle("StripeElement--invalid", detail.error !== undefined);
    this._emit("change", { elementType: this._type, ...detail });
  }

  /** https://docs.stripe.com/js/element/events/on_savedpaymentmethodremove */
  async #removeSaved(id) {
    const { _stripe: stripe, _saved: saved, _options: options } = this._elements;
    const method = saved?.methods.find((known) => known.id === id);
    if (!method) return;
    const { error } = await removeSavedMethod(stripe, options.customerSessionClientSecret, id);
    if (!error) this._elements._forgetSaved(id);
    this._emit("savedpaymentmethodremove", {
      elementType: this._type,
      success: !error,
      ...(error ? { error: error.message } : {}),
      payment_method: shownMethod(method),
    });
  }

  #frameOptions() {
    const { appearance, locale } = this._elements._options;
    const own = Object.fromEntries(FRAME_OPTIONS.map((name) => [name, this._options[name]]));
    const told = { ...own, appearance, language: languageOf(locale ?? this._elements._stripe.locale) };
    // Only plain data crosses over.
    return {
      ...JSON.parse(JSON.stringify(told)),
      group: this._elements._group,
      keepsCard: this._elements._keepsCard(),
      // A card that is chosen beforehand is a change, and the first one comes after `ready`.
      saved: this.#isReady ? (this._elements._saved ?? undefined) : undefined,
    };
  }

  #unavailability() {
    return this._type === "expressCheckout" ? { availablePaymentMethods: undefined } : {};
  }

  #checkAlive() {
    if (this.#isDestroyed)
      throw new IntegrationError("This Element has already been destroyed. Please create a new one.");
  }
}

export const NOT_MOUNTED =
  "We could not retrieve data from the specified Element. Please make sure the Element you are attempting to use is still mounted.";
