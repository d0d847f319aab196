import { expect, test } from "vitest";
import { formatMoney, intervalName, monthEquivalentMinor } from "./money";

test.each([
  [5400, "usd", "$54"],
  [1999, "usd", "$19.99"],
  [0, "usd", "$0"],
  [500, "jpy", "¥500"],
  [1500, "bhd", "BHD 1.500"],
  [1000, "bhd", "BHD 1"],
  [123456789, "eur", "€1,234,567.89"],
])("%i of %s reads %s", (amount, currency, text) => {
  expect(formatMoney(amount, currency).replaceAll(/\s/g, " ")).toBe(text);
});

test.each([
  ["month", 1, "month", 1000],
  ["month", 3, "quarter", 333],
  ["month", 6, "6 months", 167],
  ["year", 1, "year", 83],
  ["year", 2, "2 years", 42],
] as const)(
  "1000 every %s × %i is per %s, and a month of it comes to %i (K-04)",
  (interval, intervalCount, name, month) => {
    const price = { id: "p", interval, intervalCount, currency: "usd", amountMinor: 1000 };
    expect(intervalName(price)).toBe(name);
    expect(monthEquivalentMinor(price)).toBe(month);
  },
);
