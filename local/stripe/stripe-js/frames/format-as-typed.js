import { cvcLength, expiryDigits, formatExpiry, formatNumber, maxDigits } from "./card-rules.js";

/** Brings what is being typed into shape; the caret stays behind the digit it was behind. */
export function formatAsTyped(name, input, number, isDeleting) {
  const digits = input.value.replaceAll(/\D/g, "");
  if (name === "number") put(input, formatNumber(digits.slice(0, maxDigits(digits))));
  else if (name === "expiry") put(input, formatExpiry(expiryDigits(input.value), isDeleting));
  else if (name === "cvc") put(input, digits.slice(0, number === "" ? 4 : cvcLength(number)));
}

function put(input, value) {
  if (input.value === value) return;
  const caret = input.selectionStart ?? value.length;
  const isAtEnd = caret >= input.value.length;
  const before = input.value.slice(0, caret).replaceAll(/\D/g, "").length;
  input.value = value;
  if (isAtEnd) return;
  let position = 0;
  for (let seen = 0; seen < before && position < value.length; position += 1) {
    if (/\d/.test(value[position])) seen += 1;
  }
  input.setSelectionRange(position, position);
}
