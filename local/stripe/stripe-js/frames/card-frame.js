import { callApi } from "@/local/stripe/stripe-js/browser/call-api.js";
import { applyAppearance, applyStyle } from "./appearance.js";
import { node } from "./build-node.js";
import {
  applyToFields,
  buildFields,
  cardPart,
  clearFields,
  digitsOf,
  findFault,
  focusFirst,
  form,
  showFaults,
  stateOfFields,
} from "./card-fields.js";
import { textsOf } from "./card-texts.js";
import { linkToParent } from "./parent-link.js";
import { SavedList } from "./saved-list.js";
import { takesCards, withCard } from "./send-card.js";
import { exposeToSiblings, findSiblings } from "./siblings.js";

const { kind, business } = document.documentElement.dataset;

const main = document.getElementById("element");
const notice = node("p", { class: "Notice" });
const terms = node("p", { class: "TermsText", hidden: true });
const tab = node("button", { type: "button", class: "Tab", hidden: true, "aria-expanded": "false" });
const keep = node("input", { type: "checkbox", id: "Field-saveInput" });
const keepText = node("span");
const keepBox = node("label", { class: "Check", hidden: true }, keep, keepText);
const saved = new SavedList({ choose: showAll, remove: (id) => send("remove", id) });
const content = node("div", {}, ...(kind === "payment" ? [saved.box, form, keepBox, terms] : [form]));
let settings = {};
let texts = textsOf("en");
let lastState = "";
let isFocused = false;

build();
const { send } = linkToParent({ open: apply, update: apply, validate, call, focus, blur, clear, collapse });
exposeToSiblings({
  group: () => settings.group,
  kind,
  validateOwn,
  cardPart,
  number: () => digitsOf("number"),
});

function build() {
  buildFields({ change: showAll, enter: entered, leave: left, key: pressed });
  tab.addEventListener("click", () => setCollapsed(false));
  keep.addEventListener("change", showAll);
  for (const control of [saved.box, keepBox, tab]) {
    control.addEventListener("focusin", entered);
    control.addEventListener("focusout", left);
    control.addEventListener("keydown", ({ key }) => key === "Escape" && send("escape"));
  }
  main.append(...(kind === "cardExpiry" || kind === "cardCvc" ? [] : [notice]), tab, content);
}

/** Takes the options of the page; what was typed stays. */
function apply(given) {
  settings = given;
  texts = textsOf(given.language);
  document.documentElement.lang = given.language;
  applyAppearance(given.appearance);
  if (kind !== "payment") applyStyle(given.style);
  notice.textContent = texts.simulation;
  tab.textContent = texts.card;
  keepText.textContent = texts.save;
  terms.textContent = texts.terms.replace("{business}", given.business?.name ?? business);
  applyToFields(given);
  if (kind === "payment") saved.show(given.saved ?? {}, texts);
  showAll();
}

/** Shows what there is to be seen, and tells the page what has become of the fields. */
function showAll() {
  const isNew = saved.chosen === null;
  form.hidden = !isNew;
  keepBox.hidden = !isNew || !offersToKeep();
  terms.hidden = !isNew || !showsTerms();
  const state = currentState();
  const said = JSON.stringify(state);
  if (said !== lastState && lastState !== "") send("change", state);
  lastState = said;
}

function showsTerms() {
  const choice = settings.terms?.card ?? "auto";
  return kind === "payment" && choice !== "never" && (choice === "always" || settings.keepsCard);
}

function offersToKeep() {
  return settings.saved?.features?.payment_method_save === "enabled";
}

function currentState() {
  const fault = showFaults();
  return kind === "payment" ? paymentState() : cardState(fault);
}

/** https://docs.stripe.com/js/element/events/on_change?type=paymentElement */
function paymentState() {
  const { empty, complete, country, postalCode } = stateOfFields();
  const collapsed = content.hidden;
  const { chosen } = saved;
  if (chosen && !collapsed) {
    const { id, type, billing_details } = chosen;
    const value = { type: "card", payment_method: { id, type, billing_details } };
    return { empty: false, complete: true, collapsed, value };
  }
  const value = {
    type: collapsed ? "" : "card",
    ...(offersToKeep() ? { savePaymentMethod: keep.checked } : {}),
    billingDetails: { address: { country, postalCode } },
  };
  return { empty, complete, collapsed, value };
}

/** https://docs.stripe.com/js/element/events/on_change?type=cardElement */
function cardState(fault) {
  const { empty, complete, brand, postalCode } = stateOfFields();
  return {
    empty,
    complete,
    ...(brand === undefined ? {} : { brand }),
    error: fault === null ? undefined : errorOf(fault),
    value: { postalCode: postalCode ?? "" },
  };
}

/** Before anything is sent: what is wrong, and what will be paid with. Fields in frames of their own are asked too. */
function validate() {
  setCollapsed(false);
  return { error: findError() ?? undefined, state: currentState() };
}

/** The first of them, to which the payer is led. */
function findError() {
  if (saved.chosen) return null;
  for (const link of group()) {
    const error = link.validateOwn();
    if (error) return error;
  }
  return null;
}

function validateOwn() {
  const fault = findFault();
  showAll();
  return fault === null ? null : errorOf(fault);
}

/** Sends the card to the lab, from here: the page gets the answer and never the number. */
async function call({ baseUrl: _elsewhere, path, params, cardAt, ...rest }) {
  if (!takesCards(path))
    return { error: { type: "invalid_request_error", message: `No card is sent to ${path}.` } };
  const card = Object.assign({}, ...group().map((link) => link.cardPart()));
  return callApi({ ...rest, baseUrl: "", method: "POST", path, params: withCard(params, cardAt, card) });
}

function group() {
  if (kind !== "cardNumber") return [window.cardFields];
  return [window.cardFields, ...findSiblings(["cardExpiry", "cardCvc"], settings.group)];
}

function entered() {
  if (!isFocused) send("focus");
  isFocused = true;
}

function left() {
  showAll();
  setTimeout(() => {
    // Between two fields of one Element the focus has not left it.
    if (!isFocused || (document.hasFocus() && main.contains(document.activeElement))) return;
    isFocused = false;
    send("blur");
  });
}

function pressed(key) {
  if (key === "Escape") send("escape");
  if (key === "Enter") send("enter");
}

function focus() {
  if (saved.chosen) saved.focus();
  else focusFirst();
}

function blur() {
  document.activeElement?.blur();
}

function clear() {
  clearFields();
  showAll();
}

function collapse() {
  setCollapsed(true);
}

function setCollapsed(isCollapsed) {
  if (content.hidden === isCollapsed) return;
  content.hidden = isCollapsed;
  tab.hidden = !isCollapsed;
  showAll();
}

function errorOf(code) {
  return { type: "validation_error", code, message: texts[code] };
}
