import Stripe from "stripe";
import { vi } from "vitest";
import type { TestStripe } from "@/local/stripe/testing/start-test-stripe";
import { createLifeCatalogue, type LifeCatalogue } from "./life-catalogue";

/** A leap after which every event is still listed. https://docs.stripe.com/api/events */
const LONGEST_UNWATCHED = 25 * 24 * 60 * 60;

/** Sends one call under the given options. A replay sends it again. */
export type Send<T> = (options: Stripe.RequestOptions) => Promise<T>;

/** One random history: what it made so far, and what went through. */
export type Life = {
  local: TestStripe;
  stripe: Stripe;
  catalogue: LifeCatalogue;
  customers: string[];
  subscriptions: string[];
  /** What was told so far, oldest first, where somebody wants to know. Stripe lists events of the last thirty days. */
  events: Stripe.Event[] | null;
  /** Invoices that were paid elsewhere. */
  paidElsewhere: Set<string>;
  /** How many keys were used so far. */
  keys: number;
  /** What happened, for the report of a failure. */
  diary: string[];
  /** Looks at every call that was answered or refused. */
  onCall: ((send: Send<unknown>, options: Stripe.RequestOptions, outcome: Outcome) => Promise<void>) | null;
};

export type Outcome = { answer: unknown } | { refusal: Stripe.errors.StripeError };

/**
 * Begins afresh: nothing there but the catalogue, ids from a seed, and time standing still at the moment but for the
 * moves of the life itself. So one list of steps always makes the same history.
 */
export async function beginLife(local: TestStripe, startAt: number): Promise<Life> {
  await local.lab("POST", "/reset", { seed: 1 });
  await local.lab("POST", "/clock", { start_at: startAt });
  const catalogue = await createLifeCatalogue(local.stripe);
  return {
    local,
    stripe: local.stripe,
    catalogue,
    customers: [],
    subscriptions: [],
    events: null,
    paidElsewhere: new Set(),
    keys: 0,
    diary: [],
    onCall: null,
  };
}

/** Stops the wall clock, on which the lab's clock stands; timers run on. To be undone with `vi.useRealTimers()`. */
export function stopWallClock(): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 9, 28) });
}

/**
 * Makes one call and notes it. A refusal in Stripe's words is part of life and gives null; anything else is a failure.
 */
export async function call<T>(life: Life, what: string, send: Send<T>): Promise<T | null> {
  life.keys += 1;
  const options = { idempotencyKey: `life-${life.keys}` };
  const outcome = await outcomeOf(send(options));
  note(life, what, outcome);
  await life.onCall?.(send, options, outcome);
  // The answer is the one `send` promises.
  return "answer" in outcome ? (outcome.answer as T) : null;
}

/** Deletes something; a key means nothing to such a call. https://docs.stripe.com/api/idempotent_requests */
export async function callDelete(life: Life, what: string, send: () => Promise<unknown>): Promise<void> {
  note(life, what, await outcomeOf(send()));
}

/** What became of a call. @throws what is no refusal. */
export async function outcomeOf(call: Promise<unknown>): Promise<Outcome> {
  try {
    return { answer: await call };
  } catch (error) {
    if (isRefusal(error)) return { refusal: error };
    throw error;
  }
}

/** Moves the clock by so many seconds. */
export async function pass(life: Life, seconds: number): Promise<void> {
  const step = life.events === null ? seconds : Math.min(seconds, LONGEST_UNWATCHED);
  for (let left = seconds; left > 0; left -= step) {
    await life.local.lab("POST", "/clock", { advance_ms: Math.min(step, left) * 1000 });
    await watchEvents(life);
  }
  life.diary.push(`${seconds} seconds pass, it is ${new Date((await nowOf(life)) * 1000).toISOString()}`);
}

/** Adds what was told since the last look. */
export async function watchEvents({ stripe, events }: Life): Promise<void> {
  if (events === null) return;
  const last = events.at(-1)?.id;
  const news: Stripe.Event[] = [];
  for await (const event of stripe.events.list({ limit: 100 })) {
    if (event.id === last) break;
    news.push(event);
  }
  events.push(...news.reverse());
}

/** The lab's time in unix seconds. */
export async function nowOf(life: Life): Promise<number> {
  return Number((await life.local.lab("GET", "/clock")).json.now);
}

/** Plain data, as it went over the wire, so that two answers can be compared whole. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value) ?? "null");
}

function note(life: Life, what: string, outcome: Outcome): void {
  life.diary.push("answer" in outcome ? what : `${what}: refused, ${outcome.refusal.message}`);
}

/** The server's own failures and what is not simulated are no refusals: nothing here needs them. */
function isRefusal(error: unknown): error is Stripe.errors.StripeError {
  if (error instanceof Stripe.errors.StripeCardError) return true;
  return error instanceof Stripe.errors.StripeInvalidRequestError && String(error.code) !== "not_simulated";
}
