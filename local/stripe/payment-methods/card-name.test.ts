import { expect, test } from "vitest";
import { cardName } from "./card-name";

// https://docs.stripe.com/api/payment_methods/object#payment_method_object-card-brand
test.each([
  ["visa", "Visa ···· 4242"],
  ["amex", "American Express ···· 4242"],
  ["unionpay", "UnionPay ···· 4242"],
  ["unknown", "Card ···· 4242"],
  [null, "Card ···· 4242"],
])("a card of the brand %s is called %s", (brand, name) => {
  expect(cardName({ brand, last4: "4242" })).toBe(name);
});
