import fc from "fast-check";
import Stripe from "stripe";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { idOf } from "@/local/stripe/references";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import { billOf } from "./bill-of";
import { checkInvoice } from "./check-invoices";
import { beginLife, type Life, nowOf, pass, stopWallClock } from "./life";
import { type LifeStep, livesOfOne, wantedItems } from "./life-steps";
import { IS_REPLAY, PROPERTY_TIMEOUT_MS, randomRuns } from "./random-runs";
import { changedItems, takeStep } from "./take-step";

const HOUR = 60 * 60;

/** How far a preview looks: the renewal, and the hour its draft takes. */
const UNTIL_COLLECTED = 2 * HOUR;

let local: TestStripe;
beforeAll(async () => {
  stopWallClock();
  local = await startTestStripe();
});
afterAll(async () => {
  await local.server.close();
  vi.useRealTimers();
});

/** Lives through the steps and then looks at the one subscription; a failure tells what happened before. */
async function afterLife(
  startAt: number,
  steps: LifeStep[],
  look: (life: Life, subscription: Stripe.Subscription) => Promise<void>,
): Promise<void> {
  const life = await beginLife(local, startAt);
  try {
    for (const step of steps) await takeStep(life, step);
    const [id] = life.subscriptions;
    if (id !== undefined) await look(life, await life.stripe.subscriptions.retrieve(id));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${message}\n\nWhat happened:\n${life.diary.join("\n")}`, { cause: error });
  }
}

// https://docs.stripe.com/billing/subscriptions/prorations#preview-proration
test(
  "what a preview of a change quotes is what the change invoices, line by line",
  async () => {
    let [lived, compared] = [0, 0];
    const property = fc.asyncProperty(livesOfOne(5), wantedItems, ({ startAt, steps }, items) =>
      afterLife(startAt, steps, async (life, subscription) => {
        const { stripe } = life;
        lived += 1;
        const change = {
          items: changedItems(life, subscription, items),
          proration_behavior: "always_invoice" as const,
          proration_date: await nowOf(life),
        };
        const quoted = await unlessRefused(
          stripe.invoices.createPreview({ subscription: subscription.id, subscription_details: change }),
        );
        const updated = await unlessRefused(stripe.subscriptions.update(subscription.id, change));
        if (!quoted || !updated) return expect(updated && quoted).toBe(updated && null);
        checkInvoice(quoted);
        if (updated.latest_invoice === null) return;
        const id = idOf(updated.latest_invoice);
        if (subscription.latest_invoice !== null && id === idOf(subscription.latest_invoice)) return;
        compared += 1;
        expect(billOf(await stripe.invoices.retrieve(id))).toEqual(billOf(quoted));
      }),
    );
    await fc.assert(property, randomRuns(40));
    if (!IS_REPLAY) expect(compared / lived).toBeGreaterThan(0.2);
  },
  PROPERTY_TIMEOUT_MS,
);

// https://docs.stripe.com/api/invoices/create_preview
test(
  "what a preview without changes quotes is what the renewal invoices",
  async () => {
    let [lived, compared] = [0, 0];
    const property = fc.asyncProperty(livesOfOne(8), ({ startAt, steps }) =>
      afterLife(startAt, steps, async (life, { id }) => {
        const { stripe } = life;
        lived += 1;
        await collectDrafts(life);
        const quoted = await unlessRefused(stripe.invoices.createPreview({ subscription: id }));
        if (!quoted) return;
        checkInvoice(quoted);
        const known = await invoiceIds(life);
        await pass(life, Math.max(0, quoted.created - (await nowOf(life))) + UNTIL_COLLECTED);
        const made = (await stripe.invoices.list({ limit: 100 })).data.filter((each) => !known.has(each.id));
        const renewal = made.at(-1);
        expect(renewal, "The renewal made no invoice.").toBeDefined();
        if (!renewal) return;
        compared += 1;
        expect(billOf(renewal)).toEqual(billOf(quoted));
      }),
    );
    await fc.assert(property, randomRuns(40));
    if (!IS_REPLAY) expect(compared / lived).toBeGreaterThan(0.4);
  },
  PROPERTY_TIMEOUT_MS,
);

/** Lets what is about to be collected be collected: it takes from the balance that the next invoice is to find. */
async function collectDrafts(life: Life): Promise<void> {
  const { data } = await life.stripe.invoices.list({ status: "draft", limit: 100 });
  if (data.some((draft) => draft.automatically_finalizes_at !== null)) await pass(life, UNTIL_COLLECTED);
}

async function invoiceIds({ stripe }: Life): Promise<Set<string>> {
  const { data } = await stripe.invoices.list({ limit: 100 });
  return new Set(data.map(({ id }) => id));
}

/** The answer, or null when Stripe's words refuse it. */
async function unlessRefused<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return null;
    if (error instanceof Stripe.errors.StripeCardError) return null;
    throw error;
  }
}
