import { expect, test } from "vitest";
import { decodeForm, type FormValue } from "./decode-form";

function plain(value: FormValue): unknown {
  return typeof value === "string"
    ? value
    : Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
}

test.each([
  ["email=a%40b.test&name=", { email: "a@b.test", name: "" }],
  ["items[0][price]=p1&items[0][quantity]=2", { items: { 0: { price: "p1", quantity: "2" } } }],
  ["expand[]=a&expand[]=b", { expand: { 0: "a", 1: "b" } }],
  ["created%5Bgte%5D=5", { created: { gte: "5" } }],
  ["a=1&a[b]=2", { a: { b: "2" } }],
  ["plus=a+b", { plus: "a b" }],
  ["broken[=1", { "broken[": "1" }],
])("%s is decoded with Stripe's brackets", (text, expected) => {
  expect(plain(decodeForm(text))).toEqual(expected);
});

test("a key named like an object's prototype is only a key", () => {
  const form = decodeForm("__proto__[polluted]=yes&constructor=x");
  expect([...form.keys()]).toEqual(["__proto__", "constructor"]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
