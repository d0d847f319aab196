import type Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { composeInvoice, type InvoiceToCompose, type PricedLine } from "./compose-invoice";

function line(amount: number, extra: Partial<PricedLine> = {}): PricedLine {
  return {
    amount,
    discountable: amount > 0,
    product: null,
    ownDiscounts: [],
    taxBehavior: "unspecified",
    rates: [],
    ...extra,
  };
}

function discount(id: string, off: Partial<Stripe.Coupon>) {
  // Composing reads only what a coupon takes off.
  const coupon = { percent_off: null, amount_off: null, ...off } as Stripe.Coupon;
  return { discount: id, coupon, appliesTo: null };
}

function rate(id: string, percentage: number, inclusive: boolean): Stripe.TaxRate {
  // Composing reads only what a rate adds.
  return { id, percentage, inclusive, rate_type: null } as Stripe.TaxRate;
}

function compose(lines: PricedLine[], rest: Partial<InvoiceToCompose> = {}) {
  return composeInvoice({ lines, discounts: [], taxExempt: "none", isTaxAutomatic: false, ...rest });
}

// https://docs.stripe.com/api/invoices/object#invoice_object-subtotal
describe("what an invoice comes to", () => {
  test("without discounts and taxes is the sum of its lines", () => {
    expect(compose([line(1000), line(-300)]).totals).toMatchObject({
      subtotal: 700,
      subtotal_excluding_tax: 700,
      total: 700,
      total_excluding_tax: 700,
      total_discount_amounts: [],
      total_taxes: [],
    });
  });

  test("the subtotal has the lines' own discounts in it, and not the invoice's", () => {
    const own = { ownDiscounts: [discount("di_own", { amount_off: 200 })] };
    const { totals, lines } = compose([line(1000, own), line(1000)], {
      discounts: [discount("di_all", { percent_off: 10 })],
    });
    expect(lines.map(({ discount_amounts }) => discount_amounts)).toEqual([
      [
        { discount: "di_own", amount: 200 },
        { discount: "di_all", amount: 80 },
      ],
      [{ discount: "di_all", amount: 100 }],
    ]);
    expect(totals).toMatchObject({
      subtotal: 1800,
      total: 1620,
      total_discount_amounts: [
        { discount: "di_own", amount: 200 },
        { discount: "di_all", amount: 180 },
      ],
    });
  });

  test("exclusive tax comes on top, of what the discounts leave", () => {
    const { totals } = compose([line(1000, { rates: [rate("txr_1", 20, false)] })], {
      discounts: [discount("di_all", { percent_off: 50 })],
    });
    expect(totals).toMatchObject({
      subtotal: 1000,
      subtotal_excluding_tax: 1000,
      total_excluding_tax: 500,
      total: 600,
      total_taxes: [
        {
          amount: 100,
          tax_behavior: "exclusive",
          taxable_amount: 500,
          tax_rate_details: { tax_rate: "txr_1" },
          taxability_reason: "not_available",
        },
      ],
    });
  });

  test("inclusive tax is inside of the price", () => {
    const { totals } = compose([line(1200, { rates: [rate("txr_1", 20, true)] })], {
      discounts: [discount("di_all", { percent_off: 50 })],
    });
    expect(totals).toMatchObject({
      subtotal: 1200,
      subtotal_excluding_tax: 1000,
      total: 600,
      total_excluding_tax: 500,
      total_taxes: [{ amount: 100, taxable_amount: 500 }],
    });
  });

  test("rates are summed up over the lines, each rounded on its own line", () => {
    const rates = [rate("txr_1", 7.5, false)];
    // 7.5 % of 333 is 24.975, twice: 25 + 25, where of 666 it would be 49.95.
    const { totals } = compose([line(333, { rates }), line(333, { rates })]);
    expect(totals.total_taxes).toMatchObject([{ amount: 50, taxable_amount: 666 }]);
    expect(totals.total).toBe(716);
  });

  test.each([
    ["exempt", "customer_exempt"],
    ["reverse", "reverse_charge"],
  ])("an %s customer is charged no tax", (taxExempt, reason) => {
    const { totals } = compose([line(1000, { rates: [rate("txr_1", 20, false)] })], { taxExempt });
    expect(totals).toMatchObject({
      total: 1000,
      total_taxes: [{ amount: 0, taxability_reason: reason }],
    });
  });
});
