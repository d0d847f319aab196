import fc from "fast-check";
import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

const DAY = 24 * 60 * 60;

let local: TestStripe;
let prices: Stripe.Price[];
beforeAll(async () => {
  local = await startTestStripe({ checksAnswers: false });
  prices = [];
  for (const [unit_amount, interval_count] of [
    [1000, 1],
    [3333, 1],
    [2500, 2],
    [12_007, 12],
  ] as const) {
    prices.push(
      await createPlan(local.stripe, { unit_amount, recurring: { interval: "month", interval_count } }),
    );
  }
});
afterAll(() => local.server.close());

const behavior = fc.constantFrom("always_invoice", "create_prorations", "none" as const);
const price = fc.nat({ max: 3 });
const step = fc.oneof(
  fc.record({ kind: fc.constant("wait"), days: fc.integer({ min: 1, max: 25 }) }),
  fc.record({ kind: fc.constant("change"), price, quantity: fc.integer({ min: 0, max: 4 }), behavior }),
  fc.record({ kind: fc.constant("add"), price, behavior }),
  fc.record({ kind: fc.constant("remove"), behavior }),
  fc.record({ kind: fc.constant("restart"), behavior }),
  fc.record({ kind: fc.constant("end"), days: fc.option(fc.integer({ min: 2, max: 90 })), behavior }),
  fc.record({
    kind: fc.constant("pause"),
    from: fc.constantFrom("now", "none", "item_current_period_start" as const),
  }),
  fc.record({ kind: fc.constant("void") }),
  fc.record({ kind: fc.constant("drop") }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

// https://docs.stripe.com/billing/subscriptions/prorations#credit-prorations: credits reckon with what was really debited.
test("whatever happens to a subscription, no debit is credited for more than it was", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 9 }),
      fc.boolean(),
      async (steps, isDiscounted) => {
        const customer = await createPayingCustomer(local.stripe);
        const coupon = await local.stripe.coupons.create({
          amount_off: 300,
          currency: "usd",
          duration: "forever",
        });
        const { id } = await local.stripe.subscriptions.create({
          customer: customer.id,
          items: [{ price: prices[0]?.id ?? "" }],
          ...(isDiscounted ? { discounts: [{ coupon: coupon.id }] } : {}),
        });
        // What Stripe refuses in this state changes nothing.
        for (const each of steps) await take(customer.id, id, each).catch(() => undefined);
        const { debits, credits } = await ledger(customer.id);
        for (const [debit, credited] of credits) expect(credited).toBeLessThanOrEqual(debits.get(debit) ?? 0);
      },
    ),
    { numRuns: 40, seed: 20261028 },
  );
});

async function take(customer: string, id: string, each: Step): Promise<void> {
  const { stripe } = local;
  const { items } = await stripe.subscriptions.retrieve(id);
  const first = items.data[0]?.id ?? "";
  const now = Number((await local.lab("GET", "/clock")).json.now);
  switch (each.kind) {
    case "wait":
      await local.lab("POST", "/clock", { advance_ms: each.days * DAY * 1000 });
      return;
    case "change":
      await stripe.subscriptions.update(id, {
        items: [{ id: first, price: prices[each.price]?.id, quantity: each.quantity }],
        proration_behavior: each.behavior,
      });
      return;
    case "add":
      await stripe.subscriptions.update(id, {
        items: [{ price: prices[each.price]?.id }],
        proration_behavior: each.behavior,
      });
      return;
    case "remove":
      await stripe.subscriptionItems.del(items.data.at(-1)?.id ?? "", { proration_behavior: each.behavior });
      return;
    case "restart":
      await stripe.subscriptions.update(id, {
        billing_cycle_anchor: { type: "now" },
        proration_behavior: each.behavior,
      });
      return;
    case "end":
      await stripe.subscriptions.update(id, {
        cancel_at: each.days === null ? "" : now + each.days * DAY,
        proration_behavior: each.behavior,
      });
      return;
    case "pause": {
      await stripe.subscriptions.pause(id, { bill_for: { unused_time_from: { type: each.from } } });
      const resumed = await stripe.subscriptions.resume(id);
      if (resumed.status === "paused") await stripe.invoices.pay(String(resumed.latest_invoice));
      return;
    }
    case "void":
      await stripe.invoices.voidInvoice(String((await stripe.subscriptions.retrieve(id)).latest_invoice));
      return;
    case "drop": {
      const pending = await stripe.invoiceItems.list({ customer, pending: true });
      await stripe.invoiceItems.del(pending.data[0]?.id ?? "");
    }
  }
}

/**
 * What was debited and credited, by the invoice item that a proration began as, or else by the invoice's line. An item
 * that was deleted is no debit.
 */
async function ledger(
  customer: string,
): Promise<{ debits: Map<string, number>; credits: Map<string, number> }> {
  const [debits, credits, origins] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, string>(),
  ];
  const items = local.stripe.invoiceItems.list({ customer, limit: 100 });
  for await (const item of items) if (item.amount > 0) debits.set(item.id, item.amount);
  for await (const invoice of local.stripe.invoices.list({ customer, limit: 100 })) {
    for (const line of invoice.lines.data) {
      const item = line.parent?.subscription_item_details?.invoice_item ?? null;
      origins.set(line.id, item ?? line.id);
      const taken = (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);
      if (item === null && line.amount > 0) debits.set(line.id, line.amount - taken);
    }
  }
  for await (const { amount, proration_details: details } of local.stripe.invoiceItems.list({
    customer,
    limit: 100,
  })) {
    const credited = details?.credited_items;
    const line = credited?.invoice_line_item_details?.invoice_line_items[0];
    const debit = line === undefined ? credited?.invoice_item : origins.get(line);
    if (debit) credits.set(debit, (credits.get(debit) ?? 0) - amount);
  }
  return { debits, credits };
}
