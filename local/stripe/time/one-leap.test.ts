import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { stopWallClock } from "@/local/stripe/properties/life";
import { lives } from "@/local/stripe/properties/life-steps";
import { PROPERTY_TIMEOUT_MS, randomRuns } from "@/local/stripe/properties/random-runs";
import { liveHistory } from "@/local/stripe/testing/live-history";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  stopWallClock();
  local = await startTestStripe();
});
afterAll(async () => {
  await local.server.close();
  vi.useRealTimers();
});

test(
  "one leap leaves the same objects and tells the same events, in the same order, as many steps",
  async () => {
    const shares = fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true }), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(lives(10), shares, async (history, cuts) => {
      const whole = await liveHistory(local, history, {});
      const inSteps = await liveHistory(local, history, { cuts });
      expect(inSteps.events).toEqual(whole.events);
      expect(inSteps.objects).toEqual(whole.objects);
    });
    await fc.assert(property, randomRuns(10));
  },
  PROPERTY_TIMEOUT_MS,
);
