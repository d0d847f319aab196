import { expect, test } from "vitest";
import type { PlanPrice } from "./catalogue";
import { chooseCurrency, pricesIn, soldCurrencies } from "./currency-choice";

const price = (currency: string): PlanPrice => ({
  id: currency,
  interval: "month",
  intervalCount: 1,
  currency,
  amountMinor: 3900,
});
const PLANS = [{ prices: [] }, { prices: [price("jpy"), price("eur"), price("usd")] }];

test("the currencies on offer are those of the prices, the catalogue's own first", () => {
  expect(soldCurrencies({ currency: "usd", plans: PLANS })).toEqual(["usd", "eur", "jpy"]);
  expect(soldCurrencies({ currency: "chf", plans: [] })).toEqual(["chf"]);
});

test.each([
  ["nothing asked", {}, "usd", null],
  ["one that is sold", { asked: "eur" }, "eur", null],
  ["one that is sold, in capitals", { asked: "EUR" }, "eur", null],
  ["one that is not sold", { asked: "gbp" }, "usd", "Nothing is sold in GBP here, so prices are in USD."],
  [
    "no currency at all",
    { asked: "<b>" },
    "usd",
    "Nothing is sold in that currency here, so prices are in USD.",
  ],
  [
    "another than was paid in first",
    { asked: "usd", kept: "eur" },
    "eur",
    "Prices are in EUR: an account keeps the currency of its first purchase.",
  ],
  [
    "nothing by one who paid before",
    { kept: "eur" },
    "eur",
    "Prices are in EUR: an account keeps the currency of its first purchase.",
  ],
  ["nothing by one whose currency is no longer sold", { kept: "chf" }, "usd", null],
] as const)("%s", (_name, who, currency, note) => {
  expect(chooseCurrency(["usd", "eur"], who)).toEqual({ currency, note });
});

test("where one currency is sold, nobody is told about currencies unless they ask for another", () => {
  expect(chooseCurrency(["usd"], { kept: "usd" }).note).toBeNull();
  expect(chooseCurrency(["usd"], { kept: "usd", asked: "eur" }).note).toContain("keeps the currency");
});

test("a plan that is not sold in a currency shows the prices it has, and is never taken for free", () => {
  const dollars = { prices: [price("usd")] };
  expect(pricesIn(dollars, "eur")).toEqual(dollars.prices);
  expect(pricesIn({ prices: [price("usd"), price("eur")] }, "eur")).toEqual([price("eur")]);
});
