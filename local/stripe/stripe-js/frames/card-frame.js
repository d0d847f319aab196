import { callApi } from "/js/browser/call-api.js";
import { applyAppearance, applyStyle } from "./appearance.js";
import { labelledField, node, showFault } from "./build-node.js";
import { brandOf, cvcFault, expiryFault, numberFault, postalFault, wantsPostalCode } from "./card-rules.js";
import { textsOf } from "./card-texts.js";
import { countriesIn, likelyCountry } from "./countries.js";
import { formatAsTyped } from "./format-as-typed.js";
import { linkToParent } from "./parent-link.js";
import { takesCards, withCard } from "./send-card.js";

const { kind, now, business } = document.documentElement.dataset;

/** Which fields each Element has. */
const FIELDS = {
  payment: ["number", "expiry", "cvc", "country", "postalCode"],
  card: ["number", "expiry", "cvc", "postalCode"],
  cardNumber: ["number"],
  cardExpiry: ["expiry"],
  cardCvc: ["cvc"],
}[kind];

const AUTOCOMPLETE = {
  number: "cc-number",
  expiry: "cc-exp",
  cvc: "cc-csc",
  postalCode: "billing postal-code",
  country: "billing country",
};

/** Inputs by name, with their labels and errors; `touched` are those that were left once or were submitted. */
const fields = new Map();
const touched = new Set();
const main = document.getElementById("element");
const notice = node("p", { class: "Notice" });
const terms = node("p", { class: "TermsText", hidden: true });
const tab = node("button", { type: "button", class: "Tab", hidden: true, "aria-expanded": "false" });
const form = node("div", { class: kind === "payment" ? "Block" : "Row" });
let settings = {};
let texts = textsOf("en");
let lastState = "";
let isFocused = false;

build();
const { send } = linkToParent({ open: apply, update: apply, validate, call, focus, blur, clear, collapse });
exposeToSiblings();

function build() {
  for (const name of FIELDS) {
    const attributes = { id: `Field-${name}Input`, name, class: "Input", autocomplete: AUTOCOMPLETE[name] };
    const isText = name === "postalCode";
    const input =
      name === "country"
        ? node("select", attributes)
        : node("input", {
            ...attributes,
            type: "text",
            inputmode: isText ? "text" : "numeric",
            spellcheck: "false",
          });
    if (kind === "payment") {
      const field = labelledField(input, "");
      fields.set(name, { input, ...field });
      form.append(field.box);
    } else {
      fields.set(name, { input, box: input, caption: null, error: null });
      form.append(input);
    }
    input.addEventListener("input", ({ inputType }) => typed(name, inputType ?? ""));
    input.addEventListener("focus", entered);
    input.addEventListener("blur", () => left(name));
    input.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") send("escape");
      if (key === "Enter") send("enter");
    });
  }
  tab.addEventListener("click", () => setCollapsed(false));
  main.append(...(kind === "cardExpiry" || kind === "cardCvc" ? [] : [notice]), tab, form, terms);
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
  terms.textContent = texts.terms.replace("{business}", given.business?.name ?? business);
  terms.hidden =
    kind !== "payment" ||
    given.terms?.card === "never" ||
    !(given.keepsCard || given.terms?.card === "always");
  fillCountries();
  for (const { input } of fields.values()) input.disabled = Boolean(given.readOnly || given.disabled);
  label();
  showAll();
}

function fillCountries() {
  const select = valueNode("country");
  if (!select) return;
  const chosen = select.value || settings.defaultValues?.billingDetails?.address?.country || likelyCountry();
  select.replaceChildren(
    ...countriesIn(settings.language).map(({ code, name }) => node("option", { value: code }, name)),
  );
  select.value = chosen;
  const postal = valueNode("postalCode");
  const known = settings.defaultValues?.billingDetails?.address?.postal_code;
  if (postal.value === "" && known) postal.value = known;
}

function label() {
  const names = { ...texts, postalCode: country() === "US" ? texts.zip : texts.postal };
  const hints = { number: "1234 1234 1234 1234", expiry: texts.expiryFormat, cvc: "CVC" };
  for (const [name, { input, caption }] of fields) {
    if (caption) caption.textContent = names[name];
    else input.setAttribute("aria-label", names[name]);
    if (name === "country") continue;
    const own = kind === "card" ? { ...hints, number: texts.number, postalCode: names.postalCode } : hints;
    input.placeholder = settings.placeholder ?? own[name] ?? (country() === "US" ? "12345" : "");
  }
  const hidden = settings.fields?.billingDetails;
  const isOff = (name) =>
    hidden === "never" || hidden?.address === "never" || hidden?.address?.[name] === "never";
  const show = (name, isShown) => {
    const field = fields.get(name);
    if (field) field.box.hidden = !isShown;
  };
  show("country", !isOff("country"));
  const wantsPostal = kind === "card" ? !settings.hidePostalCode : wantsPostalCode(country());
  show("postalCode", wantsPostal && !isOff("postalCode"));
}

function typed(name, inputType) {
  const { input } = fields.get(name);
  formatAsTyped(name, input, digitsOf("number"), inputType.startsWith("delete"));
  if (name === "country") label();
  showAll();
  moveOn(name, inputType);
}

/** From a number that is complete to the date, and so on, as the one-line card field does. */
function moveOn(name, inputType) {
  if (kind !== "card" || inputType.startsWith("delete") || faultOf(name) !== null || name === "postalCode")
    return;
  const next = shownFields()[shownFields().indexOf(name) + 1];
  if (next) valueNode(next).focus();
}

function left(name) {
  if (valueNode(name).value !== "") touched.add(name);
  showAll();
  setTimeout(() => {
    // Between two fields of one Element the focus has not left it.
    if (!isFocused || (document.hasFocus() && main.contains(document.activeElement))) return;
    isFocused = false;
    send("blur");
  });
}

function entered() {
  if (!isFocused) send("focus");
  isFocused = true;
}

/** Shows what is wrong, as far as it is time to, and tells the page what has become of the fields. */
function showAll() {
  for (const [name, { input, error }] of fields) {
    const fault = shownFaultOf(name);
    showFault(input, error, fault && texts[fault]);
  }
  const state = currentState();
  const said = JSON.stringify(state);
  if (said !== lastState && lastState !== "") send("change", state);
  lastState = said;
}

function currentState() {
  const names = shownFields();
  const typedIn = names.filter((name) => name !== "country");
  const fault = names.map(shownFaultOf).find((code) => code !== null) ?? null;
  const base = {
    empty: typedIn.every((name) => valueNode(name).value === ""),
    complete: names.every((name) => faultOf(name) === null),
  };
  if (kind === "payment") {
    const address = {
      country: isShown("country") ? country() : null,
      postalCode: isShown("postalCode") ? valueNode("postalCode").value.trim() : null,
    };
    return {
      ...base,
      collapsed: form.hidden,
      value: { type: form.hidden ? "" : "card", billingDetails: { address } },
    };
  }
  const error = fault === null ? undefined : errorOf(fault);
  const brand = FIELDS.includes("number") ? { brand: brandOf(digitsOf("number")) } : {};
  return {
    ...base,
    ...brand,
    error,
    value: { postalCode: isShown("postalCode") ? valueNode("postalCode").value.trim() : "" },
  };
}

/** Before anything is sent: shows every fault and leads to the first. Fields in frames of their own are asked too. */
function validate() {
  setCollapsed(false);
  for (const link of group()) {
    const error = link.validateOwn();
    if (error) return { error };
  }
  return {};
}

function validateOwn() {
  for (const name of shownFields()) touched.add(name);
  showAll();
  const bad = shownFields().find((name) => faultOf(name) !== null);
  if (bad === undefined) return null;
  valueNode(bad).focus();
  return errorOf(faultOf(bad));
}

/** Sends the card to the lab, from here: the page gets the answer and never the number. */
async function call({ baseUrl: _elsewhere, path, params, cardAt, ...rest }) {
  if (!takesCards(path))
    return { error: { type: "invalid_request_error", message: `No card is sent to ${path}.` } };
  const card = Object.assign({}, ...group().map((link) => link.cardPart()));
  return callApi({ ...rest, baseUrl: "", method: "POST", path, params: withCard(params, cardAt, card) });
}

function cardPart() {
  const expiry = digitsOf("expiry");
  return {
    ...(FIELDS.includes("number") ? { number: digitsOf("number") } : {}),
    ...(FIELDS.includes("expiry")
      ? { exp_month: Number(expiry.slice(0, 2)), exp_year: 2000 + Number(expiry.slice(2)) }
      : {}),
    ...(FIELDS.includes("cvc") ? { cvc: digitsOf("cvc") } : {}),
  };
}

/** Number, date and code may stand in three frames of one group; they are of one origin and reach each other. */
function exposeToSiblings() {
  window.cardFields = {
    group: () => settings.group,
    kind,
    validateOwn,
    cardPart,
    number: () => digitsOf("number"),
  };
}

function group() {
  if (kind !== "cardNumber") return [window.cardFields];
  return [window.cardFields, ...siblings(["cardExpiry", "cardCvc"])];
}

function siblings(kinds) {
  const found = [];
  for (let index = 0; index < window.parent.frames.length; index += 1) {
    try {
      const link = window.parent.frames[index].cardFields;
      if (link && link.group() === settings.group && kinds.includes(link.kind)) found.push(link);
    } catch {
      // A frame of somebody else's.
    }
  }
  return found;
}

function focus() {
  valueNode(shownFields()[0]).focus();
}

function blur() {
  document.activeElement?.blur();
}

function clear() {
  for (const [name, { input }] of fields) if (name !== "country") input.value = "";
  touched.clear();
  showAll();
}

function collapse() {
  setCollapsed(true);
}

function setCollapsed(isCollapsed) {
  if (form.hidden === isCollapsed) return;
  form.hidden = isCollapsed;
  tab.hidden = !isCollapsed;
  showAll();
}

/** What is wrong with a field, be it shown yet or not. */
function faultOf(name) {
  if (!isShown(name) || name === "country") return null;
  if (name === "number") return numberFault(digitsOf("number"));
  if (name === "expiry") return expiryFault(digitsOf("expiry"), Number(now));
  if (name === "cvc") return cvcFault(digitsOf("cvc"), numberForCvc());
  return postalFault(valueNode(name).value, kind === "payment" ? country() : "");
}

function numberForCvc() {
  if (FIELDS.includes("number")) return digitsOf("number");
  return siblings(["cardNumber"])[0]?.number() ?? "";
}

/** What is incomplete may become complete; it is a fault once the field was left. */
function shownFaultOf(name) {
  const fault = faultOf(name);
  if (fault === null) return null;
  return fault.startsWith("incomplete") && !touched.has(name) ? null : fault;
}

function errorOf(code) {
  return { type: "validation_error", code, message: texts[code] };
}

function shownFields() {
  return FIELDS.filter(isShown);
}

function isShown(name) {
  return fields.has(name) && !fields.get(name).box.hidden;
}

function country() {
  return valueNode("country")?.value ?? "";
}

function digitsOf(name) {
  return (valueNode(name)?.value ?? "").replaceAll(/\D/g, "");
}

function valueNode(name) {
  return fields.get(name)?.input;
}
