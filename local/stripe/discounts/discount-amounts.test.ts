import fc from "fast-check";
import type Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { type AppliedDiscount, type DiscountedLine, discountAmounts } from "./discount-amounts";

function applied(
  discount: string,
  off: { percent?: number; amount?: number },
  appliesTo: string[] | null = null,
) {
  const coupon: Stripe.Coupon = {
    id: `coupon_${discount}`,
    object: "coupon",
    amount_off: off.amount ?? null,
    created: 0,
    currency: off.amount === undefined ? null : "usd",
    duration: "once",
    duration_in_months: null,
    livemode: false,
    max_redemptions: null,
    metadata: {},
    name: null,
    percent_off: off.percent ?? null,
    redeem_by: null,
    times_redeemed: 1,
    valid: true,
  };
  return { discount, coupon, appliesTo } satisfies AppliedDiscount;
}

function line(amount: number, fields: Partial<DiscountedLine> = {}): DiscountedLine {
  return { amount, discountable: true, product: "prod_1", ownDiscounts: [], ...fields };
}

function totals(taken: { amount: number }[][]): number[] {
  return taken.map((each) => each.reduce((sum, { amount }) => sum + amount, 0));
}

// https://docs.stripe.com/billing/subscriptions/coupons#stacking-coupons
describe("stacked discounts", () => {
  test("20 % and then $5 off $100 leave $75; the other way round they leave $76", () => {
    const [percent, amount] = [applied("p", { percent: 20 }), applied("a", { amount: 500 })];
    expect(discountAmounts([line(10_000)], [percent, amount])).toEqual([
      [
        { discount: "p", amount: 2000 },
        { discount: "a", amount: 500 },
      ],
    ]);
    expect(totals(discountAmounts([line(10_000)], [amount, percent]))).toEqual([2400]);
  });

  test("a line's own discounts come before the invoice's", () => {
    const own = line(10_000, { ownDiscounts: [applied("own", { percent: 50 })] });
    expect(discountAmounts([own], [applied("all", { percent: 10 })])).toEqual([
      [
        { discount: "own", amount: 5000 },
        { discount: "all", amount: 500 },
      ],
    ]);
  });
});

// https://docs.stripe.com/api/coupons/create: $200 off $100 is $0, $200 off $300 is $100.
test.each([
  [10_000, 10_000],
  [30_000, 20_000],
])("$200 off %s takes %s", (amount, taken) => {
  expect(totals(discountAmounts([line(amount)], [applied("a", { amount: 20_000 })]))).toEqual([taken]);
});

test("an amount is spread in proportion, the last line taking the remainder", () => {
  const lines = [line(100), line(100), line(100)];
  expect(totals(discountAmounts(lines, [applied("a", { amount: 100 })]))).toEqual([33, 33, 34]);
});

test("only lines of the coupon's products that may be discounted are", () => {
  const lines = [
    line(1000),
    line(1000, { product: "prod_2" }),
    line(1000, { discountable: false }),
    line(-500),
    line(1000, { product: null }),
  ];
  expect(discountAmounts(lines, [applied("a", { percent: 10 }, ["prod_1"])])).toEqual([
    [{ discount: "a", amount: 100 }],
    [],
    [],
    [],
    [],
  ]);
});

test("half a cent of a percentage is rounded up", () => {
  expect(totals(discountAmounts([line(1)], [applied("p", { percent: 50 })]))).toEqual([1]);
  expect(totals(discountAmounts([line(999)], [applied("p", { percent: 33.33 })]))).toEqual([333]);
});

const anyDiscount = fc
  .oneof(
    fc.record({ percent: fc.integer({ min: 1, max: 10_000 }).map((value) => value / 100) }),
    fc.record({ amount: fc.integer({ min: 1, max: 100_000 }) }),
  )
  .map((off) => applied("d", off));
const anyLine = fc
  .record({
    amount: fc.integer({ min: -10_000, max: 100_000 }),
    ownDiscounts: fc.array(anyDiscount, { maxLength: 3 }),
  })
  .map(({ amount, ownDiscounts }) => line(amount, { ownDiscounts }));

test("whatever is stacked, no discount is negative and no line goes below zero", () => {
  const lists = [fc.array(anyLine, { maxLength: 6 }), fc.array(anyDiscount, { maxLength: 5 })] as const;
  fc.assert(
    fc.property(...lists, (lines, discounts) => {
      const taken = discountAmounts(lines, discounts);
      for (const [index, each] of taken.entries()) {
        for (const { amount } of each) expect(amount).toBeGreaterThanOrEqual(0);
        const sum = each.reduce((total, { amount }) => total + amount, 0);
        expect(sum).toBeLessThanOrEqual(Math.max(0, lines[index]?.amount ?? 0));
      }
    }),
  );
});

test("an amount off is taken in full wherever the lines allow it", () => {
  const amounts = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(amounts, fc.integer({ min: 1, max: 500_000 }), (lines, off) => {
      const all = lines.reduce((sum, amount) => sum + amount, 0);
      const taken = totals(
        discountAmounts(
          lines.map((amount) => line(amount)),
          [applied("a", { amount: off })],
        ),
      );
      expect(taken.reduce((sum, amount) => sum + amount, 0)).toBe(Math.min(off, all));
    }),
  );
});
