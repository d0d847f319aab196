import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { postCheckout } from "@/local/stripe/testing/pay";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import { startWebhookReceiver, type WebhookReceiver } from "@/local/stripe/testing/start-webhook-receiver";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

let receiver: WebhookReceiver;
let local: TestStripe;
beforeEach(async () => {
  receiver = await startWebhookReceiver();
  local = await startTestStripe({ webhookEndpoints: [receiver.endpoint] });
});
afterEach(async () => {
  await local.server.close();
  await receiver.close();
});

async function subscribe(trialDays = 0): Promise<{ customer: string; id: string; end: number }> {
  const customer = await createPayingCustomer(local.stripe);
  const price = await createPlan(local.stripe);
  const { id, items } = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    ...(trialDays > 0 ? { trial_period_days: trialDays } : {}),
  });
  return { customer: customer.id, id, end: items.data[0]?.current_period_end ?? 0 };
}

/** Waits until a jump has ended. */
async function ended(job: unknown): Promise<Record<string, unknown>> {
  for (;;) {
    const { json } = await local.lab("GET", `/jobs/${job}`);
    if (json.status !== "running") return json;
  }
}

describe("the clock", () => {
  test("goes to the next renewal, when its invoice was charged", async () => {
    const { id, end } = await subscribe();
    const { json } = await local.lab("POST", "/clock", { to: { next_renewal: id } });
    expect(json.now).toBe(end + 3600);
    const [invoice] = (await local.stripe.invoices.list({ subscription: id })).data;
    expect([invoice?.billing_reason, invoice?.status]).toEqual(["subscription_cycle", "paid"]);
  });

  test("goes to a trial's end and to the end of retries", async () => {
    const { id, customer } = await subscribe(10);
    await local.lab("POST", "/declines", { customer, count: 10 });
    await local.lab("POST", "/clock", { to: { trial_end: id } });
    const subscription = await local.stripe.subscriptions.retrieve(id);
    expect(subscription.status).toBe("past_due");
    await local.lab("POST", "/clock", { to: { end_of_retries: String(subscription.latest_invoice) } });
    expect((await local.stripe.subscriptions.retrieve(id)).status).toBe("canceled");
    expect((await local.stripe.invoices.retrieve(String(subscription.latest_invoice))).attempt_count).toBe(4);
  });

  test("refuses a moment that will not come, by its name, and stays where it is", async () => {
    const { id } = await subscribe();
    const before = (await local.lab("GET", "/clock")).json.offset_ms;
    const refused = await Promise.all([
      local.lab("POST", "/clock", { to: { trial_end: id } }),
      local.lab("POST", "/clock", { to: { next_renewal: "sub_none" } }),
      local.lab("POST", "/clock", { to: { full_moon: id } }),
      local.lab("POST", "/clock", { to: {} }),
    ]);
    expect(refused.map(({ status, json }) => [status, json.error])).toMatchObject([
      [400, { param: "to[trial_end]" }],
      [400, { param: "to[next_renewal]" }],
      [400, { param: "to[full_moon]" }],
      [400, { param: "to" }],
    ]);
    expect((await local.lab("GET", "/clock")).json.offset_ms).toBe(before);
  });

  test("a jump in steps answers at once, tells how far it is, and leaves what one leap leaves", async () => {
    const { id } = await subscribe();
    const { json } = await local.lab("POST", "/clock", { advance_ms: 366 * DAY_MS, in_steps: true });
    expect(json.job).toMatchObject({ status: "running", progress: 0 });
    const meanwhile = await local.lab("POST", "/clock", { advance_ms: 1 });
    expect(meanwhile.json.error?.message).toContain("on its way");
    expect(await ended("job_1")).toMatchObject({ status: "done", progress: 1, error: null });
    expect((await local.stripe.invoices.list({ subscription: id })).data).toHaveLength(5);
  });

  test("a jump can be stopped and stays where it was", async () => {
    await subscribe();
    let answer: () => void = () => {};
    receiver.hold = new Promise((resolve) => {
      answer = resolve;
    });
    const { json } = await local.lab("POST", "/clock", { advance_ms: 366 * DAY_MS, in_steps: true });
    const stopped = await local.lab("POST", "/jobs/job_1/stop");
    expect(stopped.json.status).toBe("stopped");
    answer();
    const { now } = (await local.lab("GET", "/clock")).json;
    expect(Number(now)).toBeLessThan(Number(json.now) + 366 * 24 * 3600);
    expect((await local.lab("POST", "/clock", { advance_ms: 1 })).status).toBe(200);
    expect((await local.lab("POST", "/jobs/job_9/stop")).status).toBe(404);
  });
});

describe("charges", () => {
  test("the next one of a customer is declined for the reason given, and the one after it is not", async () => {
    const { id, customer } = await subscribe();
    await local.lab("POST", "/declines", { customer, reason: "insufficient_funds" });
    await local.lab("POST", "/clock", { to: { next_renewal: id } });
    const [failed] = (await local.stripe.charges.list({ customer })).data;
    expect([failed?.status, failed?.outcome?.reason]).toEqual(["failed", "insufficient_funds"]);
    expect((await local.stripe.subscriptions.retrieve(id)).status).toBe("past_due");
    expect((await local.lab("GET", "/declines")).json.data).toEqual([]);
    await local.lab("POST", "/clock", { advance_ms: 4 * DAY_MS });
    expect((await local.stripe.subscriptions.retrieve(id)).status).toBe("active");
  });

  test("of two subscriptions only the one that is meant is declined", async () => {
    const { id, customer } = await subscribe();
    const price = await createPlan(local.stripe);
    const other = await local.stripe.subscriptions.create({ customer, items: [{ price: price.id }] });
    await local.lab("POST", "/declines", { subscription: other.id });
    await local.lab("POST", "/clock", { to: { next_renewal: other.id } });
    const statuses = [id, other.id].map(
      async (one) => (await local.stripe.subscriptions.retrieve(one)).status,
    );
    expect(await Promise.all(statuses)).toEqual(["active", "past_due"]);
  });

  test("a subscription that is begun meanwhile is incomplete, or refused where that is asked for", async () => {
    const { customer } = await subscribe();
    const price = await createPlan(local.stripe);
    const items = [{ price: price.id }];
    await local.lab("POST", "/declines", { customer });
    expect((await local.stripe.subscriptions.create({ customer, items })).status).toBe("incomplete");
    await local.lab("POST", "/declines", { customer });
    const strict = { customer, items, payment_behavior: "error_if_incomplete" } as const;
    const outcome = await local.stripe.subscriptions.create(strict).then(
      ({ status }) => status,
      (error) => error.code,
    );
    expect(outcome).toBe("card_declined");
  });

  test("one try on the checkout page uses it up, and the next one pays", async () => {
    const { id: customer } = await local.stripe.customers.create({ email: "ada@example.test" });
    await local.lab("POST", "/declines", { customer, reason: "lost_card" });
    const price = await createPlan(local.stripe);
    const session = await local.stripe.checkout.sessions.create({
      mode: "subscription",
      customer,
      line_items: [{ price: price.id, quantity: 1 }],
      success_url: "http://localhost:3000/done",
    });
    expect((await postCheckout(session)).status).toBe(402);
    expect((await postCheckout(session)).status).toBe(303);
  });

  test("a decline can be taken back, and one for nobody or for no reason is refused", async () => {
    const { id, customer } = await subscribe();
    const { json } = await local.lab("POST", "/declines", { customer });
    expect((await local.lab("DELETE", `/declines/${json.id}`)).status).toBe(200);
    await local.lab("POST", "/clock", { to: { next_renewal: id } });
    expect((await local.stripe.subscriptions.retrieve(id)).status).toBe("active");
    const refused = [
      await local.lab("POST", "/declines", {}),
      await local.lab("POST", "/declines", { customer: "cus_none" }),
      await local.lab("POST", "/declines", { customer, reason: "bad_mood" }),
      await local.lab("DELETE", "/declines/decline_9"),
    ];
    expect(refused.map(({ status, json: body }) => [status, body.error])).toMatchObject([
      [400, { param: "customer" }],
      [400, { param: "customer" }],
      [400, { param: "reason" }],
      [404, { param: "id" }],
    ]);
  });

  test("a card expires, is told of, and is declined from then on", async () => {
    const { id, customer } = await subscribe();
    const [card] = (await local.stripe.customers.listPaymentMethods(customer)).data;
    expect((await local.lab("POST", `/payment_methods/${card?.id}/expire`)).status).toBe(200);
    const [told] = (await local.stripe.events.list({ type: "payment_method.updated" })).data;
    expect(told?.data.previous_attributes).toMatchObject({ card: { exp_year: card?.card?.exp_year } });
    await local.lab("POST", "/clock", { to: { next_renewal: id } });
    expect((await local.stripe.charges.list({ customer })).data[0]?.failure_code).toBe("expired_card");
  });

  test("a charge is refunded, in part and then no more than is left", async () => {
    const { customer } = await subscribe();
    const [charge] = (await local.stripe.charges.list({ customer })).data;
    const { json } = await local.lab("POST", `/charges/${charge?.id}/refund`, { amount: 100 });
    expect(json).toMatchObject({ object: "refund", amount: 100 });
    const refused = await local.lab("POST", `/charges/${charge?.id}/refund`, { amount: charge?.amount });
    expect(refused.status).toBe(400);
    expect((await local.stripe.charges.retrieve(String(charge?.id))).amount_refunded).toBe(100);
    expect((await local.lab("POST", "/charges/ch_none/refund")).status).toBe(404);
  });
});

describe("deliveries", () => {
  test.each([
    ["twice", {}, ["a", "a", "b"]],
    ["never", {}, ["b"]],
    ["reverse", { count: 2 }, ["b", "a"]],
  ])("the next ones are delivered %s", async (action, more, expected) => {
    await local.lab("POST", "/delivery-rules", { action, type: "customer.created", ...more });
    for (const name of ["a", "b"]) await local.stripe.customers.create({ name });
    await local.lab("POST", "/clock", { advance_ms: 2000 });
    const names = receiver.deliveries.map(({ payload }) => JSON.parse(payload).data.object.name);
    expect(names).toEqual(expected);
    expect((await local.lab("GET", "/delivery-rules")).json.data).toEqual([]);
  });

  test("one comes late by as much as it is told", async () => {
    await local.lab("POST", "/delivery-rules", { action: "late", late_by_seconds: 7200 });
    await local.stripe.customers.create({});
    await local.lab("POST", "/clock", { advance_ms: HOUR_MS });
    expect(receiver.deliveries).toHaveLength(0);
    await local.lab("POST", "/clock", { advance_ms: HOUR_MS + 1000 });
    expect(receiver.deliveries).toHaveLength(1);
  });

  test("an answer that is lost makes the same event come again", async () => {
    await local.lab("POST", "/delivery-rules", { action: "lose_answer" });
    await local.stripe.customers.create({});
    await local.server.deliveriesSettled();
    await local.lab("POST", "/clock", { advance_ms: HOUR_MS });
    expect(receiver.types()).toEqual(["customer.created", "customer.created"]);
    const { data } = (await local.lab("GET", "/deliveries")).json;
    expect(data).toMatchObject([
      { status: "delivered", attempts: [{ response_status: null }, { response_status: 200 }] },
    ]);
  });

  test("a rule that is taken back lets go what it held", async () => {
    const { json } = await local.lab("POST", "/delivery-rules", { action: "reverse", count: 5 });
    await local.stripe.customers.create({});
    await local.server.deliveriesSettled();
    expect(receiver.deliveries).toHaveLength(0);
    await local.lab("DELETE", `/delivery-rules/${json.id}`);
    await local.server.deliveriesSettled();
    expect(receiver.deliveries).toHaveLength(1);
  });

  test("a rule that makes no sense is refused by its field", async () => {
    const refused = [
      await local.lab("POST", "/delivery-rules", { action: "late" }),
      await local.lab("POST", "/delivery-rules", { action: "twice", endpoint: "we_none" }),
      await local.lab("POST", "/delivery-rules", {}),
    ];
    expect(refused.map(({ json }) => json.error)).toMatchObject([
      { param: "late_by_seconds" },
      { param: "endpoint" },
      { param: "action" },
    ]);
    expect((await local.lab("GET", "/delivery-rules")).json.data).toEqual([]);
  });
});

describe("faults", () => {
  test("are listed and taken back one by one", async () => {
    await local.lab("POST", "/faults", { route: "POST /v1/customers", status: 500 });
    await local.lab("POST", "/faults", { route: "GET /v1/customers/:id", status: 429 });
    const { json } = await local.lab("DELETE", "/faults/fault_1");
    expect(json.faults).toMatchObject([{ id: "fault_2", status: 429, remaining: 1 }]);
    expect((await local.lab("GET", "/faults")).json).toEqual(json);
    await local.stripe.customers.create({});
    expect((await local.lab("DELETE", "/faults/fault_1")).status).toBe(404);
  });

  test("a call that is never answered does nothing", async () => {
    await local.lab("POST", "/faults", { route: "POST /v1/customers", time_out: true });
    const call = local.stripe.customers.create({ name: "lost" }, { timeout: 100 });
    expect((await refusalOf(call)).type).toBe("StripeConnectionError");
    expect((await local.stripe.customers.list()).data).toEqual([]);
  });

  test("of a call that there is not is refused", async () => {
    const { json } = await local.lab("POST", "/faults", { route: "POST /v1/nothing", status: 500 });
    expect(json.error).toMatchObject({ param: "route" });
  });
});

describe("snapshots", () => {
  test("a restored one has the objects, the ids and the time of when it was saved", async () => {
    await local.lab("POST", "/reset", { seed: 7 });
    const { id } = await subscribe();
    await local.lab("POST", "/clock", { advance_ms: 10 * DAY_MS });
    const { now } = (await local.lab("GET", "/clock")).json;
    await local.lab("POST", "/snapshots", { name: "ten-days-in" });
    const next = await local.stripe.customers.create({});
    await local.lab("POST", "/clock", { advance_ms: 100 * DAY_MS });
    await local.stripe.subscriptions.cancel(id);

    const { json } = await local.lab("POST", "/snapshots/ten-days-in/restore");
    expect(Number(json.now) - Number(now)).toBeLessThanOrEqual(1);
    expect((await local.stripe.subscriptions.retrieve(id)).status).toBe("active");
    expect((await local.stripe.customers.list()).data).toHaveLength(1);
    expect((await local.stripe.invoices.list()).data).toHaveLength(1);
    expect((await local.stripe.customers.create({})).id).toBe(next.id);
    await local.lab("POST", "/clock", { to: { next_renewal: id } });
    expect((await local.stripe.invoices.list()).data[0]?.status).toBe("paid");
  });

  test("one that there is not, or whose name could be a path, is refused", async () => {
    await local.stripe.customers.create({});
    expect((await local.lab("POST", "/snapshots/none/restore")).status).toBe(404);
    const { json } = await local.lab("POST", "/snapshots", { name: "../stripe" });
    expect(json.error).toMatchObject({ param: "name" });
    expect((await local.stripe.customers.list()).data).toHaveLength(1);
  });
});
