import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatMoney, intervalName, minorDigits, monthEquivalentMinor } from "./money";

test.each([
  [5400, "usd", "$54"],
  [1999, "usd", "$19.99"],
  [0, "usd", "$0"],
  [-1999, "usd", "-$19.99"],
  [5, "usd", "$0.05"],
  [500, "jpy", "¥500"],
  [5000, "krw", "₩5,000"],
  [1500, "bhd", "BHD 1.500"],
  [1000, "bhd", "BHD 1"],
  [10, "kwd", "KWD 0.010"],
  [12340, "jod", "JOD 12.340"],
  [2500, "omr", "OMR 2.500"],
  [900, "tnd", "TND 0.900"],
  [123456789, "eur", "€1,234,567.89"],
  // Stripe counts hundredths of these although their shops show none.
  [500, "isk", "ISK 5"],
  [500, "ugx", "UGX 5"],
  [199050, "huf", "HUF 1,990.50"],
  [80045, "twd", "NT$800.45"],
  [4990000, "idr", "IDR 49,900"],
  [1999, "COP", "COP 19.99"],
  // A division would have lost the last cent.
  [9007199254740991, "usd", "$90,071,992,547,409.91"],
])("%i of %s reads %s", (amount, currency, text) => {
  expect(formatMoney(amount, currency).replaceAll(/\s/g, " ")).toBe(text);
});

test("how many digits a currency has is what Stripe's page says", () => {
  const known = Intl.supportedValuesOf("currency");
  const having = (digits: number) => known.filter((code) => minorDigits(code) === digits);
  expect(having(0)).toEqual("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split(" "));
  expect(having(3)).toEqual("BHD JOD KWD OMR TND".split(" "));
});

describe("for any amount of any currency", () => {
  const amounts = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.integer({ min: -10_000, max: 10_000 }));
  const currencies = fc.constantFrom(...Intl.supportedValuesOf("currency"));
  const locales = fc.constantFrom("en-US", "de-DE", "fr-FR", "en-IN", "ja-JP");

  test("what is written reads back to the same minor units", () => {
    fc.assert(
      fc.property(amounts, currencies, locales, (amount, currency, locale) => {
        const text = formatMoney(amount, currency, locale);
        expect(readMinor(text, currency, locale)).toBe(BigInt(amount));
      }),
      { numRuns: 2000 },
    );
  });

  test("decimals are all shown or none", () => {
    fc.assert(
      fc.property(amounts, currencies, (amount, currency) => {
        const { length } = decimalsOf(formatMoney(amount, currency), currency, "en-US");
        expect([0, minorDigits(currency)]).toContain(length);
      }),
    );
  });
});

function readMinor(text: string, currency: string, locale: string): bigint {
  const decimals = decimalsOf(text, currency, locale);
  const digits = numberIn(text, currency).replaceAll(/\D/g, "");
  const whole = digits.slice(0, digits.length - decimals.length);
  const minor = BigInt(whole + decimals.padEnd(minorDigits(currency), "0"));
  return text.includes("-") ? -minor : minor;
}

/** What stands behind the locale's decimal sign. */
function decimalsOf(text: string, currency: string, locale: string): string {
  const sign = new Intl.NumberFormat(locale).formatToParts(0.5).find(({ type }) => type === "decimal")?.value;
  return (
    numberIn(text, currency)
      .split(sign ?? ".")[1]
      ?.replaceAll(/\D/g, "") ?? ""
  );
}

/** From the first digit to the last: a currency's sign may hold points of its own. */
function numberIn(text: string, currency: string): string {
  return /\d(.*\d)?/.exec(text.replace(currency, ""))?.[0] ?? "";
}

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
