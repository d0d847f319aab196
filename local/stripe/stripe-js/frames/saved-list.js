import { cardName } from "@/local/stripe/payment-methods/card-name";
import { node } from "./build-node.js";

/**
 * The customer's saved cards, one of which may be chosen in place of typing one.
 * https://docs.stripe.com/payments/save-customer-payment-methods
 */
export class SavedList {
  box = node("fieldset", { class: "Saved", hidden: true });
  #on;
  #methods = [];
  #canRemove = false;
  #texts = {};
  /** The id of the chosen card; empty for a new one, null before anything was chosen. */
  #chosen = null;
  #asked = null;

  /** @param on what follows when another card is chosen (`choose`), and when one is to be removed (`remove`). */
  constructor(on) {
    this.#on = on;
  }

  /** The card that will be paid with; null for a new one. */
  get chosen() {
    return this.#methods.find(({ id }) => id === this.#chosen) ?? null;
  }

  show({ methods = [], features = {} }, texts) {
    this.#methods = methods;
    this.#texts = texts;
    this.#canRemove = features.payment_method_remove === "enabled";
    const isThere = methods.some(({ id }) => id === this.#chosen);
    if (!isThere && this.#chosen !== "") this.#chosen = methods[0]?.id ?? null;
    this.#asked = null;
    this.#render();
  }

  focus() {
    this.box.querySelector("input:checked")?.focus();
  }

  #render() {
    const hadFocus = this.box.contains(document.activeElement);
    this.box.hidden = this.#methods.length === 0;
    const rows = this.#methods.map((method) => this.#rowOf(method));
    const fresh = node("div", { class: "SavedRow" }, this.#radio("", this.#texts.newCard));
    this.box.replaceChildren(node("legend", { class: "Label" }, this.#texts.saved), ...rows, fresh);
    // What was pressed is gone with the old rows.
    if (hadFocus)
      (this.box.querySelector("button.Danger") ?? this.box.querySelector("input:checked"))?.focus();
  }

  #rowOf(method) {
    const { exp_month: month, exp_year: year } = method.card;
    const name = cardName(method.card);
    const row = node("div", { class: "SavedRow" });
    if (this.#asked === method.id) {
      const remove = node("button", { type: "button", class: "Danger" }, this.#texts.remove);
      remove.addEventListener("click", () => this.#on.remove(method.id));
      const keep = node("button", { type: "button" }, this.#texts.keep);
      keep.addEventListener("click", () => this.#ask(null));
      const question = node("span", { class: "SavedName" }, this.#texts.askRemove.replace("{card}", name));
      row.append(question, remove, keep);
      return row;
    }
    const expiry = `${String(month).padStart(2, "0")}/${String(year).slice(-2)}`;
    row.append(this.#radio(method.id, name, node("span", { class: "SavedExpiry" }, expiry)));
    if (this.#canRemove) {
      const label = `${this.#texts.remove}: ${name}`;
      const button = node("button", { type: "button", "aria-label": label }, this.#texts.remove);
      button.addEventListener("click", () => this.#ask(method.id));
      row.append(button);
    }
    return row;
  }

  #radio(value, text, ...more) {
    const isChosen = value === (this.chosen?.id ?? "");
    const input = node("input", { type: "radio", name: "saved", value, checked: isChosen });
    input.addEventListener("change", () => {
      this.#chosen = value;
      this.#on.choose();
    });
    return node(
      "label",
      { class: "SavedName" },
      input,
      node("span", { class: "SavedText" }, node("span", {}, text), ...more),
    );
  }

  #ask(id) {
    this.#asked = id;
    this.#render();
  }
}
