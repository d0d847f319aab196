import fc from "fast-check";
import type Stripe from "stripe";
import { expect, test } from "vitest";
import { lineTaxes } from "./line-taxes";

function rate(percentage: number, fields: Partial<Stripe.TaxRate> = {}): Stripe.TaxRate {
  return {
    id: `txr_${percentage}`,
    object: "tax_rate",
    active: true,
    country: null,
    created: 0,
    description: null,
    display_name: "VAT",
    effective_percentage: null,
    flat_amount: null,
    inclusive: false,
    jurisdiction: null,
    jurisdiction_level: null,
    livemode: false,
    metadata: {},
    percentage,
    rate_type: null,
    state: null,
    tax_type: "vat",
    ...fields,
  };
}

const AUTOMATIC = { rate_type: "percentage" } as const;

// https://docs.stripe.com/tax/tax-rates#inclusive-vs-exclusive-tax
test("25 % on top of 5.00 is 1.25; inside of 5.00 it is 1.00", () => {
  expect(lineTaxes({ amount: 500, taxBehavior: "unspecified", rates: [rate(25)] })).toEqual([
    { rate: "txr_25", amount: 125, taxableAmount: 500, inclusive: false },
  ]);
  const inclusive = [rate(25, { inclusive: true })];
  expect(lineTaxes({ amount: 500, taxBehavior: "unspecified", rates: inclusive })).toEqual([
    { rate: "txr_25", amount: 100, taxableAmount: 400, inclusive: true },
  ]);
});

test("a manual rate goes by itself, an automatic one by the price", () => {
  const behaviors = (rates: Stripe.TaxRate[]) =>
    (["inclusive", "exclusive", "unspecified"] as const).map(
      (taxBehavior) => lineTaxes({ amount: 1000, taxBehavior, rates })[0]?.inclusive,
    );
  expect(behaviors([rate(20, AUTOMATIC)])).toEqual([true, false, false]);
  expect(behaviors([rate(20, { inclusive: true })])).toEqual([true, true, true]);
});

test("half a cent of tax is rounded up, and a credit is taxed like what it takes back", () => {
  const taxOf = (amount: number) =>
    lineTaxes({ amount, taxBehavior: "exclusive", rates: [rate(8.1)] })[0]?.amount;
  expect(taxOf(1000)).toBe(81);
  expect(taxOf(500)).toBe(41);
  expect(taxOf(-500)).toBe(-41);
});

test("exclusive tax is due on what remains without the inclusive tax", () => {
  const rates = [rate(25, { inclusive: true }), rate(10)];
  expect(lineTaxes({ amount: 500, taxBehavior: "unspecified", rates }).map(({ amount }) => amount)).toEqual([
    100, 40,
  ]);
});

const amounts = fc.integer({ min: 0, max: 99_999_999 });
const percentages = fc.integer({ min: 0, max: 1_000_000 }).map((value) => value / 10_000);

test("inclusive tax never exceeds the amount, and what remains with its tax is the amount again", () => {
  fc.assert(
    fc.property(amounts, percentages, (amount, percentage) => {
      const [tax] = lineTaxes({
        amount,
        taxBehavior: "unspecified",
        rates: [rate(percentage, { inclusive: true })],
      });
      expect(tax?.amount).toBeLessThanOrEqual(amount);
      expect((tax?.taxableAmount ?? 0) + (tax?.amount ?? 0)).toBe(amount);
    }),
  );
});

test("taxing the net amount gives the inclusive tax back, to the cent", () => {
  fc.assert(
    fc.property(amounts, percentages, (amount, percentage) => {
      const [inside] = lineTaxes({
        amount,
        taxBehavior: "inclusive",
        rates: [rate(percentage, AUTOMATIC)],
      });
      const [onTop] = lineTaxes({
        amount: inside?.taxableAmount ?? 0,
        taxBehavior: "exclusive",
        rates: [rate(percentage, AUTOMATIC)],
      });
      expect(Math.abs((onTop?.amount ?? 0) - (inside?.amount ?? 0))).toBeLessThanOrEqual(1);
    }),
  );
});
