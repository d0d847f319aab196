import fc from "fast-check";
import type Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { decimal } from "@/local/stripe/decimal";
import { amountOfPrice, chargesOf } from "./price-amount";

type TierInput = { upTo: number | null; unit?: number | string; flat?: number };

function tier({ upTo, unit, flat }: TierInput): Stripe.Price.Tier {
  return {
    flat_amount: flat ?? null,
    flat_amount_decimal: flat === undefined ? null : decimal(flat),
    unit_amount: typeof unit === "number" ? unit : null,
    unit_amount_decimal: unit === undefined ? null : decimal(unit),
    up_to: upTo,
  };
}

function priceOf(fields: Partial<Stripe.Price>): Stripe.Price {
  return {
    id: "price_1",
    object: "price",
    active: true,
    billing_scheme: "per_unit",
    created: 0,
    currency: "usd",
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product: "prod_1",
    recurring: null,
    tax_behavior: "unspecified",
    tiers_mode: null,
    transform_quantity: null,
    type: "recurring",
    unit_amount: null,
    unit_amount_decimal: null,
    ...fields,
  };
}

function tiered(mode: "graduated" | "volume", tiers: TierInput[]): Stripe.Price {
  return priceOf({ billing_scheme: "tiered", tiers_mode: mode, tiers: tiers.map(tier) });
}

// https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing
const FONTS: TierInput[] = [
  { upTo: 5, unit: 700 },
  { upTo: 10, unit: 650 },
  { upTo: null, unit: 600 },
];
const FLAT_RATES: TierInput[] = [
  { upTo: 5, unit: 500, flat: 1000 },
  { upTo: 10, unit: 400, flat: 2000 },
  { upTo: 15, unit: 300, flat: 3000 },
  { upTo: 20, unit: 200, flat: 4000 },
  { upTo: null, unit: 100, flat: 5000 },
];

describe("the documentation's tiered examples", () => {
  test.each([
    ["volume", 1, 700],
    ["volume", 5, 3500],
    ["volume", 6, 3900],
    ["volume", 20, 12_000],
    ["volume", 25, 15_000],
    ["graduated", 1, 700],
    ["graduated", 5, 3500],
    ["graduated", 6, 4150],
    ["graduated", 20, 12_750],
    ["graduated", 25, 15_750],
  ] as const)("%s: %s fonts cost %s", (mode, quantity, amount) => {
    expect(amountOfPrice(tiered(mode, FONTS), quantity)).toBe(amount);
  });

  test.each([
    ["volume", 12, 6600],
    ["graduated", 12, 11_100],
    ["volume", 0, 1000],
    ["graduated", 0, 1000],
  ] as const)("%s with flat rates: %s cost %s", (mode, quantity, amount) => {
    expect(amountOfPrice(tiered(mode, FLAT_RATES), quantity)).toBe(amount);
  });
});

test("a graduated price gives one charge per tier that is reached, and one per flat fee", () => {
  const charges = chargesOf(tiered("graduated", FLAT_RATES), 6);
  expect(charges.map(({ amount, quantity, tier: part }) => [amount, quantity, part])).toEqual([
    [2500, 5, { from: 1, upTo: 5, isFlatFee: false }],
    [1000, 1, { from: 1, upTo: 5, isFlatFee: true }],
    [400, 1, { from: 6, upTo: 10, isFlatFee: false }],
    [2000, 1, { from: 6, upTo: 10, isFlatFee: true }],
  ]);
});

test("usage with decimals crosses a tier exactly at its end", () => {
  const price = tiered("graduated", FONTS);
  expect(amountOfPrice(price, "5.5")).toBe(3500 + 325);
  expect(amountOfPrice(tiered("volume", FONTS), "5.000000000001")).toBe(3250);
});

// https://docs.stripe.com/api/prices/object#price_object-transform_quantity
test.each([
  ["up", 11, 3],
  ["up", 10, 2],
  ["up", 0, 0],
  ["down", 11, 2],
  ["down", 4, 0],
] as const)("packages of five, rounded %s: %s units are %s packages", (round, quantity, packages) => {
  const price = priceOf({
    unit_amount: 900,
    unit_amount_decimal: decimal(900),
    transform_quantity: { divide_by: 5, round },
  });
  expect(chargesOf(price, quantity)).toMatchObject([{ amount: packages * 900, quantity: packages }]);
});

test("a fraction of a cent is rounded once, after the quantity", () => {
  const price = priceOf({ unit_amount_decimal: decimal("0.0005") });
  expect(amountOfPrice(price, 999)).toBe(0);
  expect(amountOfPrice(price, 1000)).toBe(1);
  expect(amountOfPrice(price, 12_345_678)).toBe(6173);
});

test("another currency is charged at its own amounts, and a missing one is an error", () => {
  const option = {
    custom_unit_amount: null,
    tax_behavior: "unspecified" as const,
    unit_amount: 700,
    unit_amount_decimal: decimal(700),
  };
  const price = priceOf({
    unit_amount: 900,
    unit_amount_decimal: decimal(900),
    currency_options: { eur: option },
  });
  expect(amountOfPrice(price, 3, "eur")).toBe(2100);
  expect(() => amountOfPrice(price, 3, "gbp")).toThrow("withAmounts");
});

const graduatedTiers = fc
  .array(
    fc.record({
      width: fc.integer({ min: 1, max: 1000 }),
      unit: fc.integer({ min: 0, max: 10_000 }),
      flat: fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => {
    let upTo = 0;
    return parts.map(({ width, unit, flat }, index): TierInput => {
      upTo += width;
      return { upTo: index === parts.length - 1 ? null : upTo, unit, flat };
    });
  });

test("one more unit of a graduated price never costs less", () => {
  fc.assert(
    fc.property(graduatedTiers, fc.nat({ max: 6000 }), (tiers, quantity) => {
      const price = tiered("graduated", tiers);
      expect(amountOfPrice(price, quantity + 1)).toBeGreaterThanOrEqual(amountOfPrice(price, quantity));
    }),
  );
});

test("the charges of a graduated price share out the whole quantity", () => {
  fc.assert(
    fc.property(graduatedTiers, fc.nat({ max: 6000 }), (tiers, quantity) => {
      const perUnit = chargesOf(tiered("graduated", tiers), quantity).filter(
        (charge) => !charge.tier?.isFlatFee,
      );
      expect(perUnit.reduce((sum, charge) => sum + charge.quantity, 0)).toBe(quantity);
    }),
  );
});
