import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { stopWallClock } from "@/local/stripe/properties/life";
import { lives } from "@/local/stripe/properties/life-steps";
import { PROPERTY_TIMEOUT_MS, randomRuns } from "@/local/stripe/properties/random-runs";
import { liveHistory } from "@/local/stripe/testing/live-history";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import { startWebhookReceiver } from "@/local/stripe/testing/start-webhook-receiver";

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "local-stripe-"));
});
afterAll(() => rm(dataDir, { recursive: true }));

async function restart(server: TestStripe): Promise<TestStripe> {
  await server.server.close();
  return startTestStripe({ dataDir });
}

test(
  "a server that restarts after every step lives the same history, to the last id and event, as one that runs on",
  async () => {
    stopWallClock();
    const whole = await startTestStripe();
    let broken = await startTestStripe({ dataDir });
    const between = async (server: TestStripe) => {
      broken = await restart(server);
      return broken;
    };
    const property = fc.asyncProperty(lives(8), async (history) => {
      const expected = await liveHistory(whole, history, {});
      const actual = await liveHistory(broken, history, { between });
      expect(actual.events).toEqual(expected.events);
      expect(actual.objects).toEqual(expected.objects);
    });
    await fc.assert(property, randomRuns(4));
    await Promise.all([whole.server.close(), broken.server.close()]);
    vi.useRealTimers();
  },
  PROPERTY_TIMEOUT_MS,
);

test("keys, faultless answers, waiting deliveries, test clocks, settings and restricted keys survive it too", async () => {
  const receiver = await startWebhookReceiver();
  const options = { webhookEndpoints: [receiver.endpoint], retryDelaysMs: [60_000, 60_000] };
  const first = await startTestStripe({ dataDir, ...options });
  await first.lab("POST", "/reset");
  receiver.answers.push(500);
  const key = { idempotencyKey: "kept" };
  const customer = await first.stripe.customers.create({ name: "Ada" }, key);
  const broken = { idempotencyKey: "kept refusal" };
  const refused = await refusalOf(
    first.stripe.prices.create({ currency: "usd", product: "prod_no" }, broken),
  );
  await first.server.deliveriesSettled();
  const clock = await first.stripe.testHelpers.testClocks.create({ frozen_time: 1_800_000_000 });
  await first.lab("POST", "/settings", { subscription_after_final_retry: "mark_unpaid" });
  const { json } = await first.lab("POST", "/restricted-keys", { permissions: ["event_read"] });
  const before = (await first.lab("GET", "/deliveries?status=pending")).json;
  await first.server.close();

  const second = await startTestStripe({ dataDir, ...options });
  expect((await second.stripe.customers.create({ name: "Ada" }, key)).id).toBe(customer.id);
  const again = await refusalOf(second.stripe.prices.create({ currency: "usd", product: "prod_no" }, broken));
  expect([again.message, again.headers?.["idempotent-replayed"]]).toEqual([refused.message, "true"]);
  expect((await second.lab("GET", "/deliveries?status=pending")).json).toEqual(before);
  expect(await second.stripe.testHelpers.testClocks.retrieve(clock.id)).toEqual(clock);
  expect((await second.lab("GET", "/settings")).json).toMatchObject({
    subscription_after_final_retry: "mark_unpaid",
  });
  const events = await second.raw("/v1/events", { headers: { Authorization: `Bearer ${json.key}` } });
  expect(events.status).toBe(200);
  // The one that failed is tried again when its time comes.
  await second.lab("POST", "/clock", { advance_ms: 61_000 });
  expect((await second.lab("GET", "/deliveries?status=pending")).json.data).toEqual([]);
  await Promise.all([second.server.close(), receiver.close()]);
});
