import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type Stripe from "stripe";

const ADVANCE_LIMIT_MS = 180_000;

/** What one scenario makes and leaves behind. */
export type World = {
  stripe: Stripe;
  /** Undone afterwards, the last first. */
  undo: { what: string; run: () => Promise<unknown> }[];
  /** How long to wait between two looks at something Stripe does in its own time. */
  pollMs: number;
};

/** A customer with a card who lives by a test clock, and so ends with it. */
export type TimedCustomer = { clock: Stripe.TestHelpers.TestClock; customer: Stripe.Customer };

/** A text nobody else used: codes, lookup keys and idempotency keys are shared by an account. */
export function unique(text: string): string {
  return `${text}-${randomUUID().slice(0, 8)}`;
}

/** Makes a product that is archived afterwards. */
export async function makeProduct(world: World, name = "Contract check"): Promise<Stripe.Product> {
  const product = await world.stripe.products.create({ name });
  later(world, "archive the product", () => world.stripe.products.update(product.id, { active: false }));
  return product;
}

/** Makes a price, monthly and of $10.00 unless told otherwise; archived afterwards. */
export async function makePrice(
  world: World,
  params: Partial<Stripe.PriceCreateParams> = {},
): Promise<Stripe.Price> {
  const product = params.product ?? (await makeProduct(world)).id;
  const price = await world.stripe.prices.create({
    currency: "usd",
    product,
    unit_amount: 1000,
    recurring: { interval: "month" },
    ...params,
  });
  later(world, "archive the price", () => world.stripe.prices.update(price.id, { active: false }));
  return price;
}

/** Makes a customer, with a card unless `method` is null; deleted afterwards, which cancels what it subscribed to. */
export async function makeCustomer(
  world: World,
  method: string | null = "pm_card_visa",
  params: Stripe.CustomerCreateParams = {},
): Promise<Stripe.Customer> {
  const customer = await world.stripe.customers.create({ name: "Contract check", ...params });
  // A customer of a test clock goes with the clock.
  if (params.test_clock === undefined) {
    later(world, "delete the customer", () => world.stripe.customers.del(customer.id));
  }
  return method === null ? customer : giveCard(world, customer, method);
}

/** Makes a card the customer's default. */
export async function giveCard(
  { stripe }: World,
  customer: Stripe.Customer,
  method: string,
): Promise<Stripe.Customer> {
  const attached = await stripe.paymentMethods.attach(method, { customer: customer.id });
  return stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: attached.id } });
}

/** Makes a customer who lives by a test clock of its own. */
export async function makeTimedCustomer(
  world: World,
  method: string | null = "pm_card_visa",
): Promise<TimedCustomer> {
  const clock = await world.stripe.testHelpers.testClocks.create({
    frozen_time: Math.floor(Date.now() / 1000),
    name: "Contract check",
  });
  later(world, "delete the test clock", () => world.stripe.testHelpers.testClocks.del(clock.id));
  return { clock, customer: await makeCustomer(world, method, { test_clock: clock.id }) };
}

/** Moves a test clock and waits until it has arrived. @throws Error when it does not. */
export async function advance(
  { stripe, pollMs }: World,
  clock: Stripe.TestHelpers.TestClock,
  to: number,
): Promise<void> {
  const deadline = Date.now() + ADVANCE_LIMIT_MS;
  let { status } = await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: to });
  while (status === "advancing" && Date.now() < deadline) {
    await wait(pollMs);
    ({ status } = await stripe.testHelpers.testClocks.retrieve(clock.id));
  }
  if (status !== "ready") throw new Error(`The test clock is ${status} instead of ready.`);
}

/** Has something undone when the scenario is over, however it ends. */
export function later(world: World, what: string, run: () => Promise<unknown>): void {
  world.undo.push({ what, run });
}

/** When the first period of a subscription's items ends. */
export function periodEnd(subscription: Stripe.Subscription): number {
  return Math.min(...subscription.items.data.map((item) => item.current_period_end));
}

/** The newest invoice of a subscription. @throws Error when there is none. */
export async function latestInvoice({ stripe }: World, subscription: string): Promise<Stripe.Invoice> {
  const { latest_invoice: invoice } = await stripe.subscriptions.retrieve(subscription, {
    expand: ["latest_invoice"],
  });
  if (invoice === null || typeof invoice === "string") throw new Error("There is no invoice.");
  return invoice;
}
