import { labelledField, node, showFault } from "./build-node.js";
import { brandOf, cvcFault, expiryFault, numberFault, postalFault, wantsPostalCode } from "./card-rules.js";
import { textsOf } from "./card-texts.js";
import { countriesIn, likelyCountry } from "./countries.js";
import { formatAsTyped } from "./format-as-typed.js";
import { findSiblings } from "./siblings.js";

const { kind, now } = document.documentElement.dataset;

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
let settings = {};
let texts = textsOf("en");

/** What the fields stand in. */
export const form = node("div", { class: kind === "payment" ? "Block" : "Row" });

/** @param on what follows when something was typed (`change`), a field was entered or left, or a key pressed. */
export function buildFields(on) {
  for (const name of FIELDS) {
    const input = buildInput(name);
    if (kind === "payment") {
      const field = labelledField(input, "");
      fields.set(name, { input, ...field });
      form.append(field.box);
    } else {
      fields.set(name, { input, box: input, caption: null, error: null });
      form.append(input);
    }
    input.addEventListener("input", ({ inputType }) => typed(name, inputType ?? "", on));
    input.addEventListener("focus", on.enter);
    input.addEventListener("blur", () => {
      if (input.value !== "") touched.add(name);
      on.leave();
    });
    input.addEventListener("keydown", ({ key }) => on.key(key));
  }
}

/** Takes the options of the page; what was typed stays. */
export function applyToFields(given) {
  settings = given;
  texts = textsOf(given.language);
  fillCountries();
  for (const { input } of fields.values()) input.disabled = Boolean(given.readOnly || given.disabled);
  label();
}

/** Shows what is wrong, as far as it is time to. @returns the first fault shown, or null. */
export function showFaults() {
  for (const [name, { input, error }] of fields) {
    const fault = shownFaultOf(name);
    showFault(input, error, fault && texts[fault]);
  }
  return (
    shownFields()
      .map(shownFaultOf)
      .find((code) => code !== null) ?? null
  );
}

/** What the page may know of what was typed. */
export function stateOfFields() {
  const names = shownFields();
  const typedIn = names.filter((name) => name !== "country");
  return {
    empty: typedIn.every((name) => inputOf(name).value === ""),
    complete: names.every((name) => faultOf(name) === null),
    country: isShown("country") ? country() : null,
    postalCode: isShown("postalCode") ? inputOf("postalCode").value.trim() : null,
    ...(FIELDS.includes("number") ? { brand: brandOf(digitsOf("number")) } : {}),
  };
}

/** Shows every fault and leads to the first. @returns its code, or null. */
export function findFault() {
  for (const name of shownFields()) touched.add(name);
  showFaults();
  const bad = shownFields().find((name) => faultOf(name) !== null);
  if (bad === undefined) return null;
  inputOf(bad).focus();
  return faultOf(bad);
}

/** What these fields have of a card. It goes to the lab and nowhere else. */
export function cardPart() {
  const expiry = digitsOf("expiry");
  return {
    ...(FIELDS.includes("number") ? { number: digitsOf("number") } : {}),
    ...(FIELDS.includes("expiry")
      ? { exp_month: Number(expiry.slice(0, 2)), exp_year: 2000 + Number(expiry.slice(2)) }
      : {}),
    ...(FIELDS.includes("cvc") ? { cvc: digitsOf("cvc") } : {}),
  };
}

/** The digits of a field. */
export function digitsOf(name) {
  return (inputOf(name)?.value ?? "").replaceAll(/\D/g, "");
}

export function focusFirst() {
  inputOf(shownFields()[0]).focus();
}

export function clearFields() {
  for (const [name, { input }] of fields) if (name !== "country") input.value = "";
  touched.clear();
}

function buildInput(name) {
  const attributes = { id: `Field-${name}Input`, name, class: "Input", autocomplete: AUTOCOMPLETE[name] };
  if (name === "country") return node("select", attributes);
  const inputmode = name === "postalCode" ? "text" : "numeric";
  return node("input", { ...attributes, type: "text", inputmode, spellcheck: "false" });
}

function typed(name, inputType, on) {
  const isDeleting = inputType.startsWith("delete");
  formatAsTyped(name, inputOf(name), digitsOf("number"), isDeleting);
  if (name === "country") label();
  on.change();
  // From a number that is complete to the date, and so on, as the one-line card field does.
  if (kind !== "card" || isDeleting || faultOf(name) !== null || name === "postalCode") return;
  const next = shownFields()[shownFields().indexOf(name) + 1];
  if (next) inputOf(next).focus();
}

function fillCountries() {
  const select = inputOf("country");
  if (!select) return;
  const known = settings.defaultValues?.billingDetails?.address ?? {};
  const chosen = select.value || known.country || likelyCountry();
  select.replaceChildren(
    ...countriesIn(settings.language).map(({ code, name }) => node("option", { value: code }, name)),
  );
  select.value = chosen;
  const postal = inputOf("postalCode");
  if (postal.value === "" && known.postal_code) postal.value = known.postal_code;
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
  const show = (name, isWanted) => {
    const field = fields.get(name);
    if (field) field.box.hidden = !isWanted;
  };
  show("country", !isOff("country"));
  const wantsPostal = kind === "card" ? !settings.hidePostalCode : wantsPostalCode(country());
  show("postalCode", wantsPostal && !isOff("postalCode"));
}

/** What is wrong with a field, be it shown yet or not. */
function faultOf(name) {
  if (!isShown(name) || name === "country") return null;
  if (name === "number") return numberFault(digitsOf("number"));
  if (name === "expiry") return expiryFault(digitsOf("expiry"), Number(now));
  if (name === "cvc") return cvcFault(digitsOf("cvc"), numberForCvc());
  return postalFault(inputOf(name).value, kind === "payment" ? country() : "");
}

/** What is incomplete may become complete; it is a fault once the field was left. */
function shownFaultOf(name) {
  const fault = faultOf(name);
  if (fault === null) return null;
  return fault.startsWith("incomplete") && !touched.has(name) ? null : fault;
}

function numberForCvc() {
  if (FIELDS.includes("number")) return digitsOf("number");
  return findSiblings(["cardNumber"], settings.group)[0]?.number() ?? "";
}

function shownFields() {
  return FIELDS.filter(isShown);
}

function isShown(name) {
  return fields.has(name) && !fields.get(name).box.hidden;
}

function country() {
  return inputOf("country")?.value ?? "";
}

function inputOf(name) {
  return fields.get(name)?.input;
}
