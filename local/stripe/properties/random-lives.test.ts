import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import { checkPreviousAttributes } from "./check-events";
import { checkInvoices } from "./check-invoices";
import { checkMoney } from "./check-money";
import { checkReadBack } from "./check-read-back";
import { checkReplay } from "./check-replay";
import { checkSubscriptions } from "./check-subscriptions";
import { beginLife, type Life, stopWallClock, watchEvents } from "./life";
import { lives } from "./life-steps";
import { PROPERTY_TIMEOUT_MS, randomRuns } from "./random-runs";
import { takeStep } from "./take-step";

let local: TestStripe;
beforeAll(async () => {
  stopWallClock();
  local = await startTestStripe();
});
afterAll(async () => {
  await local.server.close();
  vi.useRealTimers();
});

type Checks = {
  begin?: (life: Life) => void;
  afterStep?: (life: Life) => Promise<void>;
  end?: (life: Life) => Promise<void>;
};

/** Lives random histories and looks at them; one that fails is told with what happened in it. */
async function inAllLives(runs: number, maxLength: number, checks: Checks): Promise<void> {
  const property = fc.asyncProperty(lives(maxLength), async ({ startAt, steps }) => {
    const life = await beginLife(local, startAt);
    checks.begin?.(life);
    try {
      for (const step of steps) {
        await takeStep(life, step);
        await checks.afterStep?.(life);
      }
      await checks.end?.(life);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`${message}\n\nWhat happened:\n${life.diary.join("\n")}`, { cause: error });
    }
  });
  await fc.assert(property, randomRuns(runs));
}

test(
  "charges, refunds, balances and credit notes add up after every step",
  () => inAllLives(8, 12, { afterStep: checkMoney }),
  PROPERTY_TIMEOUT_MS,
);

test(
  "every invoice's amounts follow from its lines and its balance after every step",
  () => inAllLives(12, 14, { afterStep: checkInvoices }),
  PROPERTY_TIMEOUT_MS,
);

test(
  "subscriptions keep to their statuses and calendars, and events tell what was before",
  () =>
    inAllLives(12, 16, {
      begin: (life) => {
        life.events = [];
      },
      afterStep: watchEvents,
      async end({ events }) {
        checkSubscriptions(events ?? []);
        checkPreviousAttributes(events ?? []);
      },
    }),
  PROPERTY_TIMEOUT_MS,
);

// https://docs.stripe.com/api/idempotent_requests
test(
  "a call sent again with its key is answered the same and changes nothing",
  () =>
    inAllLives(8, 14, {
      begin: (life) => {
        life.onCall = (send, options, outcome) => checkReplay(life, send, options, outcome);
      },
    }),
  PROPERTY_TIMEOUT_MS,
);

test(
  "what a call answers is what is read back",
  () =>
    inAllLives(8, 14, {
      begin: (life) => {
        life.onCall = (_send, _options, outcome) => checkReadBack(life, outcome);
      },
    }),
  PROPERTY_TIMEOUT_MS,
);

test(
  "most of what random lives try goes through",
  async () => {
    let [tried, refused] = [0, 0];
    await inAllLives(5, 14, {
      async end({ diary }) {
        tried += diary.length;
        refused += diary.filter((entry) => entry.includes(": refused, ")).length;
      },
    });
    expect(refused / tried).toBeLessThan(0.4);
  },
  PROPERTY_TIMEOUT_MS,
);
