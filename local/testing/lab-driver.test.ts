import type Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPayingCustomer, createPlan, openCheckout } from "@/local/stripe/testing/catalogue";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import { startWebhookReceiver, type WebhookReceiver } from "@/local/stripe/testing/start-webhook-receiver";
import {
  CARDS,
  deliverTwice,
  failNextCharge,
  jumpTo,
  jumpToNextRenewal,
  jumpToPresent,
  payOnPage,
  repairCard,
  startClockAt,
} from "./lab-driver";

const DAY_MS = 24 * 60 * 60 * 1000;

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

async function subscribe(): Promise<Stripe.Subscription> {
  const [customer, price] = [await createPayingCustomer(local.stripe), await createPlan(local.stripe)];
  return local.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
}

test("a card that fails from now on fails the next renewal, and a repaired one pays the one after", async () => {
  const { id } = await subscribe();
  await failNextCharge(local.stripe, id);
  await jumpToNextRenewal(local.server.url, local.stripe, id);
  expect((await local.stripe.subscriptions.retrieve(id)).status).toBe("past_due");
  await repairCard(local.stripe, id);
  await jumpToNextRenewal(local.server.url, local.stripe, id);
  expect((await local.stripe.subscriptions.retrieve(id)).status).toBe("active");
});

test("a card that can be saved and never charged takes a trial through checkout, and fails at its end", async () => {
  const session = await openCheckout(local.stripe, await createPlan(local.stripe), {
    subscription_data: { trial_period_days: 7 },
  });
  expect((await payOnPage(session.url ?? "", CARDS.declinedLater)).status).toBe(303);
  const [trial] = (await local.stripe.subscriptions.list()).data;
  expect(trial?.status).toBe("trialing");
  await jumpToNextRenewal(local.server.url, local.stripe, trial?.id ?? "");
  expect((await local.stripe.subscriptions.retrieve(trial?.id ?? "")).status).toBe("past_due");
});

test("time begins in the past, goes to a moment, and comes back to the present", async () => {
  await startClockAt(local.server.url, new Date(Date.now() - 90 * DAY_MS));
  await subscribe();
  const moment = new Date(Date.now() - 30 * DAY_MS);
  const now = await jumpTo(local.server.url, moment);
  expect(Math.abs(now.getTime() - moment.getTime())).toBeLessThan(2000);
  expect(Math.abs((await jumpToPresent(local.server.url)).getTime() - Date.now())).toBeLessThan(2000);
});

test("an event is delivered twice more", async () => {
  const { id } = await subscribe();
  await local.server.deliveriesSettled();
  const [event] = (await local.stripe.events.list({ type: "customer.subscription.created" })).data;
  expect(JSON.stringify(event)).toContain(id);
  const before = receiver.types().length;
  await deliverTwice(local.server.url, event?.id ?? "");
  await local.server.deliveriesSettled();
  expect(receiver.types().slice(before)).toEqual([
    "customer.subscription.created",
    "customer.subscription.created",
  ]);
});
