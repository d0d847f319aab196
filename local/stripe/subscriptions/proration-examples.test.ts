import { readdirSync, readFileSync } from "node:fs";
import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer } from "@/local/stripe/testing/catalogue";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

/**
 * The worked examples of Stripe's documentation, one file each, with the page it stands on. A step happens at its moment
 * and says what is to be found then: the newest invoice, the items that wait for one, the subscription.
 */
type Step = {
  at: string;
  create?: Json;
  update?: Json;
  preview?: Json;
  deleteItem?: Json & { item: number };
  pause?: Json;
  resume?: Json;
  usage?: Record<string, number>;
  withoutCard?: boolean;
  /** The customer has a card from this step on. */
  givesCard?: boolean;
  invoice?: Json;
  /** The newest invoice is still the one of the step before. */
  sameInvoice?: boolean;
  pending?: Json[];
  subscription?: Json;
  /** The items' current periods, as days. */
  periods?: [string, string][];
};

type Example = {
  page: string;
  title: string;
  prices: Record<string, Json>;
  coupons?: Record<string, Json>;
  steps: Step[];
};

// What the files hold is handed to the SDK as it is; the server checks it.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Json = Record<string, any>;

const FOLDER = new URL("proration-examples/", import.meta.url);

const examples = readdirSync(FOLDER).map((file) => {
  const example: Example = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));
  return { file, ...example };
});

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());
beforeEach(() => local.lab("POST", "/reset"));

describe("the documentation's examples", () => {
  test.each(examples)("$title ($page)", async (example) => {
    const world = await prepare(example);
    for (const step of example.steps) {
      await local.lab("POST", "/clock", { to: unix(step.at) });
      const shown = await perform(world, step);
      await compare(world, step, shown);
    }
  });
});

type World = {
  prices: Map<string, Stripe.Price>;
  coupons: Map<string, string>;
  customer: Stripe.Customer;
  subscription: string;
  lastInvoice: string | null;
};

async function prepare({ prices, coupons = {}, steps }: Example): Promise<World> {
  await local.lab("POST", "/clock", { start_at: unix(steps[0]?.at ?? "") - 60 });
  const customer = steps[0]?.withoutCard
    ? await local.stripe.customers.create({})
    : await createPayingCustomer(local.stripe);
  const world: World = {
    prices: new Map(),
    coupons: new Map(),
    customer,
    subscription: "",
    lastInvoice: null,
  };
  const meters = new Map<string, string>();
  for (const [name, { recurring = { interval: "month" }, ...params }] of Object.entries(prices)) {
    const { meter: eventName, ...interval } = recurring;
    if (eventName && !meters.has(eventName)) meters.set(eventName, await createMeter(eventName));
    const price = await local.stripe.prices.create({
      currency: "usd",
      product_data: { name },
      recurring: { ...interval, ...(eventName ? { meter: meters.get(eventName) } : {}) },
      ...params,
    });
    world.prices.set(name, price);
  }
  for (const [name, params] of Object.entries(coupons)) {
    world.coupons.set(name, (await local.stripe.coupons.create(params)).id);
  }
  return world;
}

async function createMeter(eventName: string): Promise<string> {
  const meter = await local.stripe.billing.meters.create({
    display_name: eventName,
    event_name: eventName,
    default_aggregation: { formula: "sum" },
  });
  return meter.id;
}

/** The invoice a preview shows, where the step asks for one. */
async function perform(world: World, step: Step): Promise<Stripe.Invoice | null> {
  const { stripe } = local;
  if (step.givesCard) {
    const { id } = await stripe.paymentMethods.attach("pm_card_visa", { customer: world.customer.id });
    await stripe.customers.update(world.customer.id, { invoice_settings: { default_payment_method: id } });
  }
  if (step.create) {
    const created = await stripe.subscriptions.create({
      customer: world.customer.id,
      ...(await resolve(world, step.create)),
    } as Stripe.SubscriptionCreateParams);
    world.subscription = created.id;
  }
  if (step.update) await stripe.subscriptions.update(world.subscription, await resolve(world, step.update));
  if (step.pause) await stripe.subscriptions.pause(world.subscription, await resolve(world, step.pause));
  if (step.resume) await stripe.subscriptions.resume(world.subscription, await resolve(world, step.resume));
  if (step.deleteItem) {
    const { item, ...params } = step.deleteItem;
    await stripe.subscriptionItems.del(await itemAt(world, item), params);
  }
  for (const [event_name, value] of Object.entries(step.usage ?? {})) {
    const payload = { value: String(value), stripe_customer_id: world.customer.id };
    await stripe.billing.meterEvents.create({ event_name, payload });
  }
  if (!step.preview) return null;
  return stripe.invoices.createPreview({
    subscription: world.subscription,
    subscription_details: await resolve(world, step.preview),
  });
}

async function compare(world: World, step: Step, preview: Stripe.Invoice | null): Promise<void> {
  const { stripe } = local;
  // What was used may have been reported before there is a subscription.
  if (world.subscription === "") return;
  const subscription = await stripe.subscriptions.retrieve(world.subscription);
  if (step.subscription) expect(subscription).toMatchObject(step.subscription);
  if (step.periods) {
    const days = subscription.items.data.map((item) => [
      day(item.current_period_start),
      day(item.current_period_end),
    ]);
    expect(days).toEqual(step.periods);
  }
  const id = subscription.latest_invoice;
  if (step.sameInvoice) expect(id).toBe(world.lastInvoice);
  world.lastInvoice = typeof id === "string" ? id : null;
  if (step.invoice) {
    const invoice = preview ?? (await stripe.invoices.retrieve(String(id)));
    const { lines, ...fields } = step.invoice;
    expect(invoice).toMatchObject(fields);
    if (lines) expect(invoice.lines.data).toMatchObject(lines.map(toLine));
  }
  if (step.pending) {
    const pending = await stripe.invoiceItems.list({ customer: world.customer.id, pending: true });
    expect(pending.data.reverse()).toMatchObject(step.pending);
  }
}

/** "proration" of a line stands deep inside of it. */
function toLine({ proration, ...line }: Json): Json {
  if (proration === undefined) return line;
  return { ...line, parent: { subscription_item_details: { proration } } };
}

/** Names of prices and coupons become ids, `item` the id of the item at that place, dates unix times. */
async function resolve(world: World, params: Json): Promise<Json> {
  const entries = Object.entries(params).map(async ([name, value]): Promise<[string, unknown]> => {
    if (name === "price") return [name, world.prices.get(value)?.id];
    if (name === "coupon") return [name, world.coupons.get(value)];
    if (name === "item") return ["id", await itemAt(world, value)];
    if (Array.isArray(value)) return [name, await Promise.all(value.map((item) => resolve(world, item)))];
    if (typeof value === "object") return [name, await resolve(world, value)];
    return [name, typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? unix(value) : value];
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function itemAt(world: World, index: number): Promise<string> {
  const { items } = await local.stripe.subscriptions.retrieve(world.subscription);
  return items.data[index]?.id ?? "";
}

function unix(moment: string): number {
  return Date.parse(moment) / 1000;
}

function day(at: number): string {
  return new Date(at * 1000).toISOString().slice(0, 10);
}
