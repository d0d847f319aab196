import { addressTextsOf } from "./address-texts.js";
import { applyAppearance } from "./appearance.js";
import { labelledField, node, showFault } from "./build-node.js";
import { countriesIn, likelyCountry } from "./countries.js";
import { linkToParent } from "./parent-link.js";

const NAMES = ["name", "country", "line1", "line2", "city", "state", "postal_code", "phone"];
const AUTOCOMPLETE = {
  name: "name",
  country: "country",
  line1: "address-line1",
  line2: "address-line2",
  city: "address-level2",
  state: "address-level1",
  postal_code: "postal-code",
  phone: "tel",
};
/** Where an address is not complete without a state. */
const STATES = ["US", "CA", "AU", "BR", "IN", "MX", "JP"];

const fields = new Map();
const touched = new Set();
const main = document.getElementById("element");
const notice = node("p", { class: "Notice" });
let settings = {};
let texts = addressTextsOf("en");
let lastState = "";
let isFilled = false;
let isFocused = false;

for (const name of NAMES) {
  const attributes = { id: `Field-${name}Input`, name, class: "Input", autocomplete: AUTOCOMPLETE[name] };
  const input =
    name === "country"
      ? node("select", attributes)
      : node("input", { ...attributes, type: name === "phone" ? "tel" : "text" });
  const field = labelledField(input, "");
  fields.set(name, { input, ...field });
  input.addEventListener("input", () => {
    if (name === "country") label();
    showAll();
  });
  input.addEventListener("focus", () => {
    if (!isFocused) send("focus");
    isFocused = true;
  });
  input.addEventListener("blur", () => {
    if (input.value !== "") touched.add(name);
    showAll();
    setTimeout(() => {
      if (!isFocused || (document.hasFocus() && main.contains(document.activeElement))) return;
      isFocused = false;
      send("blur");
    });
  });
  input.addEventListener("keydown", ({ key }) => key === "Escape" && send("escape"));
}
main.append(notice, node("div", { class: "Block" }, ...[...fields.values()].map(({ box }) => box)));
const { send } = linkToParent({
  open: apply,
  update: apply,
  validate,
  focus: () => input("name").focus(),
  blur: () => document.activeElement?.blur(),
  clear: () => {
    for (const name of NAMES) if (name !== "country") input(name).value = "";
    touched.clear();
    showAll();
  },
});

function apply(given) {
  settings = given;
  texts = addressTextsOf(given.language);
  document.documentElement.lang = given.language;
  applyAppearance(given.appearance);
  notice.textContent = texts.simulation;
  fill();
  label();
  showAll();
}

function fill() {
  const known = settings.defaultValues ?? {};
  const select = input("country");
  const countries = countriesIn(settings.language, settings.allowedCountries);
  const wanted = select.value || known.address?.country || likelyCountry();
  select.replaceChildren(...countries.map(({ code, name }) => node("option", { value: code }, name)));
  select.value = countries.some(({ code }) => code === wanted) ? wanted : (countries[0]?.code ?? "");
  if (isFilled) return;
  isFilled = true;
  const values = { ...known.address, name: known.name, phone: known.phone };
  for (const name of NAMES) if (name !== "country" && values[name]) input(name).value = values[name];
}

function label() {
  const isAmerican = input("country").value === "US";
  for (const [name, { caption }] of fields) {
    caption.textContent = name === "postal_code" && isAmerican ? texts.zip : texts[name];
  }
  fields.get("phone").box.hidden = settings.fields?.phone !== "always";
  fields.get("state").box.hidden = !STATES.includes(input("country").value);
}

function showAll() {
  for (const [name, { input: field, error }] of fields) {
    showFault(field, error, touched.has(name) && isMissing(name) ? texts.incomplete : null);
  }
  const state = currentState();
  const said = JSON.stringify(state);
  if (said !== lastState && lastState !== "") send("change", state);
  lastState = said;
}

function currentState() {
  const text = (name) => (isShown(name) ? input(name).value.trim() : "");
  const address = {
    line1: text("line1"),
    line2: text("line2") || null,
    city: text("city"),
    state: text("state"),
    postal_code: text("postal_code"),
    country: input("country").value,
  };
  return {
    elementMode: settings.mode,
    empty: NAMES.every((name) => name === "country" || input(name).value === ""),
    complete: !NAMES.some(isMissing),
    isNewAddress: true,
    value: { name: text("name"), address, ...(isShown("phone") ? { phone: text("phone") } : {}) },
  };
}

function validate() {
  for (const name of NAMES) touched.add(name);
  showAll();
  const bad = NAMES.find(isMissing);
  if (bad === undefined) return currentState();
  input(bad).focus();
  return {
    ...currentState(),
    error: { type: "validation_error", code: "incomplete_address", message: texts.incompleteAddress },
  };
}

function isMissing(name) {
  if (!isShown(name) || name === "line2") return false;
  if (name === "phone" && settings.validation?.phone?.required !== "always") return false;
  return input(name).value.trim() === "";
}

function isShown(name) {
  return !fields.get(name).box.hidden;
}

function input(name) {
  return fields.get(name).input;
}
