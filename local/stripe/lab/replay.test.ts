import type Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { postCheckout } from "@/local/stripe/testing/pay";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

const DAY_MS = 24 * 60 * 60 * 1000;

let local: TestStripe;
beforeEach(async () => {
  local = await startTestStripe();
});
afterEach(() => local.server.close());

/** A subscription that fails once, changes and is refunded; ids come from answers, lists and events. */
async function liveThrough(): Promise<void> {
  const { stripe, lab } = local;
  const customer = await createPayingCustomer(stripe);
  const price = await createPlan(stripe);
  const dear = await createPlan(stripe, { unit_amount: 9900 });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    metadata: { order: "order_12345678A" },
  });
  await refusalOf(stripe.customers.create({ email: "no address" }));
  await lab("POST", "/declines", { customer: customer.id });
  await lab("POST", "/clock", { to: { next_renewal: subscription.id } });
  await lab("POST", "/clock", { advance_ms: 4 * DAY_MS });
  const [charge] = (await stripe.charges.list({ customer: customer.id })).data;
  await stripe.refunds.create({ charge: String(charge?.id), amount: 100 });
  const items = [{ id: subscription.items.data[0]?.id ?? "", price: dear.id }];
  await stripe.subscriptions.update(subscription.id, { items });
  await lab("POST", "/clock", { advance_ms: 200 * DAY_MS, in_steps: true });
  while ((await lab("GET", "/jobs/job_1")).json.status === "running");
}

/** Events older than a month are forgotten when the server comes to it. */
async function exportAll({ stripe, lab }: TestStripe): Promise<Record<string, unknown[]>> {
  const since = Number((await lab("GET", "/clock")).json.now) - 29 * 24 * 3600;
  const lists: Record<string, Stripe.ApiListPromise<object & { id: string }>> = {
    customers: stripe.customers.list({ limit: 100 }),
    subscriptions: stripe.subscriptions.list({ limit: 100, status: "all" }),
    invoices: stripe.invoices.list({ limit: 100 }),
    charges: stripe.charges.list({ limit: 100 }),
    refunds: stripe.refunds.list({ limit: 100 }),
    events: stripe.events.list({ limit: 100, created: { gte: since } }),
    money: stripe.balanceTransactions.list({ limit: 100 }),
  };
  const entries = Object.entries(lists).map(async ([name, list]) => [name, (await list).data] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function record(): Promise<string> {
  await local.lab("POST", "/recording");
  await liveThrough();
  const { json } = await local.lab("DELETE", "/recording");
  return String(json.scenario);
}

test("replayed from its seed, a scenario gives the very same objects, events, ids and times", async () => {
  await local.lab("POST", "/reset", { seed: 3 });
  const scenario = await record();
  const before = await exportAll(local);
  const { json } = await local.lab("POST", "/replay", { scenario, reset: true });
  expect(json).toMatchObject({ differences: [], replayed: scenario.trim().split("\n").length - 1 });
  expect(await exportAll(local)).toEqual(before);
});

test("on an empty lab with other ids it gives the same, but for the ids", async () => {
  const scenario = await record();
  const before = await exportAll(local);
  const other = await startTestStripe();
  const { json } = await other.lab("POST", "/replay", { scenario });
  expect(json.differences).toEqual([]);
  const shape = (objects: Record<string, unknown[]>) =>
    JSON.parse(
      JSON.stringify(objects)
        .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "http://local")
        .replaceAll(/[a-z]+_(?=\w*[0-9A-Z])\w{8,}/g, "id")
        .replaceAll(/"[A-Z0-9]{8}(-\d{4})?"/g, `"number"`),
    );
  expect(shape(await exportAll(other))).toEqual(shape(before));
  await other.server.close();
});

test("what a customer does on the pages is part of a scenario: checkout, a bank's question, the portal", async () => {
  const { stripe, lab, server } = local;
  await lab("POST", "/recording");
  const price = await createPlan(stripe);
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    customer: (await stripe.customers.create({ email: "ada@example.test" })).id,
    line_items: [{ price: price.id, quantity: 1, adjustable_quantity: { enabled: true } }],
    success_url: "http://localhost:3000/done",
  });
  const page = await (await fetch(String(session.url))).text();
  const quantity = /name="(quantity_li_\w+)"/.exec(page)?.[1] ?? "";
  const number = "4000 0025 0000 3155";
  const asked = await postCheckout(session, { number, ...{ [quantity]: "3" } });
  const bank = `${server.url}${asked.headers.get("location")}`;
  const body = new URLSearchParams({ outcome: "succeeded" });
  const back = await fetch(bank, { method: "POST", redirect: "manual", body });
  await fetch(String(back.headers.get("location")), { redirect: "manual" });
  const paid = await stripe.checkout.sessions.retrieve(session.id);
  const portal = await stripe.billingPortal.sessions.create({ customer: String(paid.customer) });
  const cancel = `${portal.url}/subscriptions/${paid.subscription}/cancel`;
  await fetch(cancel, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ action: "cancel" }),
  });
  const before = await stripe.subscriptions.retrieve(String(paid.subscription));
  const { json } = await lab("DELETE", "/recording");

  const other = await startTestStripe();
  const replayed = await other.lab("POST", "/replay", { scenario: String(json.scenario) });
  expect(replayed.json.differences).toEqual([]);
  const [after] = (await other.stripe.subscriptions.list()).data;
  expect(before.items.data[0]?.quantity).toBe(3);
  const told = ({ status, cancel_at, items }: Stripe.Subscription) => [
    status,
    cancel_at,
    items.data[0]?.quantity,
  ];
  expect(after && told(after)).toEqual(told(before));
  await other.server.close();
});

test("what a page or time made unseen, a later call may be about", async () => {
  const { stripe, lab, server } = local;
  // The dashboard is looked at, as people do: no call of the recording has shown these ids.
  const idOn = async (path: string, id: RegExp) =>
    id.exec(await (await fetch(`${server.url}/dashboard/${path}`)).text())?.[0] ?? "none";
  await lab("POST", "/recording");
  const price = await createPlan(stripe);
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: price.id, quantity: 1 }],
    success_url: "http://localhost:3000/done",
  });
  await postCheckout(session);
  const customer = await idOn("customers", /cus_\w+/);
  await lab("POST", "/declines", { customer, count: 10 });
  await lab("POST", "/clock", { to: { next_renewal: await idOn(`customers/${customer}`, /sub_\w+/) } });
  await lab("POST", "/clock", { to: { end_of_retries: await idOn("invoices?status=open", /in_\w+/) } });
  const { json } = await lab("DELETE", "/recording");

  const other = await startTestStripe();
  const replayed = await other.lab("POST", "/replay", { scenario: String(json.scenario) });
  expect(replayed.json.differences).toEqual([]);
  const statuses = (each: Stripe) =>
    each.subscriptions.list({ status: "all" }).then(({ data }) => data.map(({ status }) => status));
  expect(await statuses(other.stripe)).toEqual(await statuses(stripe));
  await other.server.close();
});

test("a number that is no test card's is never part of a scenario", async () => {
  const { stripe, lab } = local;
  await lab("POST", "/recording");
  const price = await createPlan(stripe);
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: price.id, quantity: 1 }],
    success_url: "http://localhost:3000/done",
  });
  await postCheckout(session, { number: "5105 1051 0510 5103" });
  await postCheckout(session, { number: "5105-1051-0510-5103" });
  const { json } = await lab("DELETE", "/recording");
  expect(String(json.scenario)).toContain("/c/pay/{{cs_1}}");
  expect(String(json.scenario)).not.toMatch(/5105|5103/);
});

test("a scenario holds names for the ids that were made in it", async () => {
  const scenario = await record();
  expect(scenario).toContain(`"path":"/v1/subscriptions/{{sub_1}}"`);
  expect(scenario).toContain(`next_renewal`);
  expect(scenario.split("\n").filter((line) => line.includes("in_steps"))).toEqual([]);
});

test("it is replayed only where nothing is, and only if it can be read; else nothing changes", async () => {
  await local.stripe.customers.create({});
  const head = JSON.stringify({ scenario: 1, starts_at: 1_800_000_000, seed: null });
  const refused = [
    await local.lab("POST", "/replay", { scenario: head }),
    await local.lab("POST", "/replay", { scenario: "{}", reset: true }),
    await local.lab("POST", "/replay", { scenario: `${head}\nnonsense`, reset: true }),
    await local.lab("POST", "/replay", { scenario: `${head}\n{"path":"/c/pay"}`, reset: true }),
  ];
  expect(refused.map(({ status, json }) => [status, json.error])).toMatchObject([
    [400, { param: "reset" }],
    [400, { param: "scenario" }],
    [400, { message: expect.stringContaining("Line 2") }],
    [400, { message: expect.stringContaining("Line 2") }],
  ]);
  expect((await local.stripe.customers.list()).data).toHaveLength(1);
});
