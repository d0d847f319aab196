import { check, checkRefusal } from "@/local/stripe/live/check";
import type { Scenario } from "@/local/stripe/live/scenario";
import {
  advance,
  giveCard,
  latestInvoice,
  makeCustomer,
  makePrice,
  makeTimedCustomer,
  periodEnd,
} from "@/local/stripe/live/world";

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

export const renewal: Scenario = {
  name: "a subscription is paid at once and renews a month later",
  page: "https://docs.stripe.com/billing/subscriptions/overview",
  async run(stripe, world) {
    const price = await makePrice(world);
    const { clock, customer } = await makeTimedCustomer(world);
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id, quantity: 2 }],
    });
    const begun = await stripe.subscriptions.retrieve(id);
    check("begun", begun, {
      status: "active",
      collection_method: "charge_automatically",
      billing_mode: { type: "flexible" },
      cancel_at_period_end: false,
      items: { data: [{ quantity: 2, price: { id: price.id } }] },
    });
    check("first invoice", await latestInvoice(world, id), {
      status: "paid",
      billing_reason: "subscription_create",
      amount_paid: 2000,
      total: 2000,
    });
    await advance(world, clock, periodEnd(begun) + 2 * HOUR);
    const renewed = await stripe.subscriptions.retrieve(id);
    check("renewed", renewed, {
      status: "active",
      items: { data: [{ current_period_start: periodEnd(begun) }] },
    });
    check("second invoice", await latestInvoice(world, id), {
      status: "paid",
      billing_reason: "subscription_cycle",
      total: 2000,
      period_end: periodEnd(begun),
      lines: { data: [{ amount: 2000, period: { start: periodEnd(begun), end: periodEnd(renewed) } }] },
    });
  },
};

export const failedRenewal: Scenario = {
  name: "a renewal whose card is declined is past due until it is paid",
  page: "https://docs.stripe.com/billing/revenue-recovery",
  async run(stripe, world) {
    const price = await makePrice(world);
    const { clock, customer } = await makeTimedCustomer(world);
    const begun = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
    await giveCard(world, customer, "pm_card_chargeCustomerFail");
    await advance(world, clock, periodEnd(begun) + 2 * HOUR);
    check("failed", await stripe.subscriptions.retrieve(begun.id), { status: "past_due" });
    const invoice = await latestInvoice(world, begun.id);
    check("invoice", invoice, { status: "open", attempted: true, attempt_count: 1, amount_remaining: 1000 });
    await giveCard(world, customer, "pm_card_visa");
    check("paid", await stripe.invoices.pay(invoice.id), { status: "paid", amount_paid: 1000 });
    check("repaired", await stripe.subscriptions.retrieve(begun.id), { status: "active" });
  },
};

export const trials: Scenario = {
  name: "a trial without a card ends as it was told to: canceled, or paused until it is resumed",
  page: "https://docs.stripe.com/billing/subscriptions/trials",
  async run(stripe, world) {
    const price = await makePrice(world);
    const { clock, customer } = await makeTimedCustomer(world, null);
    const begin = (missing_payment_method: "cancel" | "pause") =>
      stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price: price.id }],
        trial_period_days: 7,
        trial_settings: { end_behavior: { missing_payment_method } },
      });
    const [canceled, paused] = [await begin("cancel"), await begin("pause")];
    check("trial", canceled, { status: "trialing", trial_end: clock.frozen_time + 7 * DAY });
    check("trial's invoice", await latestInvoice(world, canceled.id), { status: "paid", total: 0 });
    await advance(world, clock, clock.frozen_time + 8 * DAY);
    check("canceled", await stripe.subscriptions.retrieve(canceled.id), { status: "canceled" });
    check("paused", await stripe.subscriptions.retrieve(paused.id), { status: "paused" });
    await giveCard(world, customer, "pm_card_visa");
    const resumed = await stripe.subscriptions.resume(paused.id, { billing_cycle_anchor: { type: "now" } });
    check("resumed", resumed, { id: paused.id });
    await stripe.invoices.pay((await latestInvoice(world, paused.id)).id).catch(() => null);
    check("paid", await stripe.subscriptions.retrieve(paused.id), { status: "active" });
  },
};

export const proration: Scenario = {
  name: "what a preview of an upgrade quotes is what the upgrade invoices",
  page: "https://docs.stripe.com/billing/subscriptions/prorations#preview-proration",
  async run(stripe, world) {
    const [basic, pro] = [await makePrice(world), await makePrice(world, { unit_amount: 3000 })];
    const { clock, customer } = await makeTimedCustomer(world);
    const { id, items } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
    });
    const at = clock.frozen_time + 10 * DAY;
    await advance(world, clock, at);
    const change = {
      items: [{ id: items.data[0]?.id, price: pro.id }],
      proration_behavior: "always_invoice" as const,
      proration_date: at,
    };
    const quoted = await stripe.invoices.createPreview({ subscription: id, subscription_details: change });
    check("quoted", quoted, { status: "draft", billing_reason: "subscription_update" });
    const updated = await stripe.subscriptions.update(id, change);
    check("updated", updated, { status: "active", items: { data: [{ price: { id: pro.id } }] } });
    const invoice = await latestInvoice(world, id);
    check("invoice", invoice, {
      billing_reason: "subscription_update",
      status: "paid",
      amount_paid: quoted.amount_due,
      total: quoted.total,
      lines: { data: quoted.lines.data.map(({ amount, period }) => ({ amount, period })) },
    });
    const [credit, debit] = invoice.lines.data.map(({ amount }) => amount).sort((a, b) => a - b);
    check("signs", [Math.sign(credit ?? 0), Math.sign(debit ?? 0)], [-1, 1]);
  },
};

export const endings: Scenario = {
  name: "a subscription ends at its period's end, or at once with its unused time credited",
  page: "https://docs.stripe.com/billing/subscriptions/cancel",
  async run(stripe, world) {
    const price = await makePrice(world);
    const { clock, customer } = await makeTimedCustomer(world);
    const begin = () => stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
    const [announced, ended] = [await begin(), await begin()];
    const told = await stripe.subscriptions.update(announced.id, { cancel_at_period_end: true });
    check("announced", told, {
      status: "active",
      cancel_at: periodEnd(announced),
      cancel_at_period_end: true,
      cancellation_details: { reason: "cancellation_requested" },
    });
    await advance(world, clock, clock.frozen_time + 10 * DAY);
    const now = await stripe.subscriptions.cancel(ended.id, { prorate: true, invoice_now: true });
    check("ended at once", now, { status: "canceled" });
    const last = await latestInvoice(world, ended.id);
    check("credited", Math.sign(last.total), -1);
    check("balance", await stripe.customers.retrieve(customer.id), { balance: last.total });
    await checkRefusal("canceling it again", stripe.subscriptions.cancel(ended.id), {
      statusCode: 404,
      code: "resource_missing",
    });
    await advance(world, clock, periodEnd(announced) + HOUR);
    check("ended", await stripe.subscriptions.retrieve(announced.id), {
      status: "canceled",
      ended_at: periodEnd(announced),
    });
  },
};

export const firstPayment: Scenario = {
  name: "without a good card a subscription is incomplete, refused or waits, as it was told to",
  page: "https://docs.stripe.com/api/subscriptions/create#create_subscription-payment_behavior",
  async run(stripe, world) {
    const price = await makePrice(world);
    const failing = await makeCustomer(world, "pm_card_chargeCustomerFail");
    const params = { customer: failing.id, items: [{ price: price.id }] };
    const incomplete = await stripe.subscriptions.create({ ...params, payment_behavior: "allow_incomplete" });
    check("incomplete", incomplete, { status: "incomplete" });
    check("its invoice", await latestInvoice(world, incomplete.id), {
      status: "open",
      amount_remaining: 1000,
    });
    await checkRefusal(
      "refused",
      stripe.subscriptions.create({ ...params, payment_behavior: "error_if_incomplete" }),
      { statusCode: 402, type: "card_error", code: "card_declined" },
    );
    const waiting = await stripe.subscriptions.create({ ...params, payment_behavior: "default_incomplete" });
    check("waiting", waiting, { status: "incomplete" });
    check("its invoice", await latestInvoice(world, waiting.id), { status: "open", attempted: false });
  },
};
