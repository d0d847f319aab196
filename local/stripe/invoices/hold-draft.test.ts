import type Stripe from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer } from "@/local/stripe/testing/catalogue";
import { draftOver } from "@/local/stripe/testing/invoicing";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import { startWebhookReceiver, type WebhookReceiver } from "@/local/stripe/testing/start-webhook-receiver";

const HOUR = 3600;

let local: TestStripe;
let receiver: WebhookReceiver;
let customer: Stripe.Customer;
beforeEach(async () => {
  receiver = await startWebhookReceiver();
  // An endpoint that answers badly is not asked again within the three days of the test.
  local = await startTestStripe({ retryDelaysMs: [100 * HOUR * 1000] });
  customer = await createPayingCustomer(local.stripe);
  await local.stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ["invoice.created"] });
});
afterEach(async () => {
  await local.server.close();
  await receiver.close();
});

const statusOf = async (id: string) => (await local.stripe.invoices.retrieve(id)).status;

// https://docs.stripe.com/billing/subscriptions/webhooks#successful-invoice-finalization
describe("a draft whose invoice.created is delivered", () => {
  test("and answered well is finalized an hour after it was made", async () => {
    const draft = await draftOver(local.stripe, customer, [1000], { auto_advance: true });
    expect(draft.webhooks_delivered_at === null || draft.webhooks_delivered_at >= draft.created).toBe(true);
    await local.server.deliveriesSettled();
    expect((await local.stripe.invoices.retrieve(draft.id)).webhooks_delivered_at).not.toBeNull();
    await local.lab("POST", "/clock", { to: draft.created + HOUR });
    expect(await statusOf(draft.id)).toBe("paid");
  });

  test("and answered badly waits, 72 hours at most", async () => {
    receiver.answers.push(500);
    const draft = await draftOver(local.stripe, customer, [1000], { auto_advance: true });
    await local.server.deliveriesSettled();
    await local.lab("POST", "/clock", { to: draft.created + HOUR });
    expect(await local.stripe.invoices.retrieve(draft.id)).toMatchObject({
      status: "draft",
      webhooks_delivered_at: null,
      automatically_finalizes_at: draft.created + 72 * HOUR,
    });
    await local.lab("POST", "/clock", { to: draft.created + 72 * HOUR - 1 });
    expect(await statusOf(draft.id)).toBe("draft");
    await local.lab("POST", "/clock", { to: draft.created + 72 * HOUR });
    expect(await statusOf(draft.id)).toBe("paid");
  });

  test("and answered well at last is finalized an hour after that", async () => {
    const tireless = await startTestStripe({ retryDelaysMs: [11 * HOUR * 1000] });
    const payer = await createPayingCustomer(tireless.stripe);
    await tireless.stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ["invoice.created"],
    });
    receiver.answers.push(500);
    const { id, created } = await draftOver(tireless.stripe, payer, [1000], { auto_advance: true });
    await tireless.server.deliveriesSettled();
    await tireless.lab("POST", "/clock", { to: created + 10 * HOUR });
    expect((await tireless.stripe.invoices.retrieve(id)).status).toBe("draft");
    await tireless.lab("POST", "/clock", { to: created + 11 * HOUR + 60 });
    const delivered = (await tireless.stripe.invoices.retrieve(id)).webhooks_delivered_at ?? 0;
    expect(delivered).toBeGreaterThanOrEqual(created + 11 * HOUR);
    await tireless.lab("POST", "/clock", { to: delivered + HOUR - 1 });
    expect((await tireless.stripe.invoices.retrieve(id)).status).toBe("draft");
    await tireless.lab("POST", "/clock", { to: delivered + HOUR });
    expect((await tireless.stripe.invoices.retrieve(id)).status).toBe("paid");
    await tireless.server.close();
  });

  test("while the clock leaps on is not waited for", async () => {
    let answer = (): void => {};
    receiver.hold = new Promise((resolve) => {
      answer = resolve;
    });
    const draft = await draftOver(local.stripe, customer, [1000], { auto_advance: true });
    await local.lab("POST", "/clock", { to: draft.created + HOUR });
    expect(await statusOf(draft.id)).toBe("paid");
    answer();
  });
});

test("with nobody to tell, the moment of delivery is the draft's own", async () => {
  const quiet = await startTestStripe();
  const draft = await draftOver(quiet.stripe, await createPayingCustomer(quiet.stripe), [1000]);
  expect(draft.webhooks_delivered_at).toBe(draft.created);
  await quiet.server.close();
});
