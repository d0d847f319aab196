import type Stripe from "stripe";
import { beginLife } from "@/local/stripe/properties/life";
import type { LifeStep } from "@/local/stripe/properties/life-steps";
import { takeStep } from "@/local/stripe/properties/take-step";
import type { TestStripe } from "./start-test-stripe";

export type History = { startAt: number; steps: LifeStep[] };

/** All that came of a history, without what counts how often somebody looked. */
export type LivedWorld = { objects: unknown; events: unknown[] };

export type HowToLive = {
  /** Whenever time passes, it passes in as many leaps as there are cuts and one more; each is a share of the way. */
  cuts?: number[];
  /** Called after every step; lives on with the server it gives. */
  between?: (server: TestStripe) => Promise<TestStripe>;
};

/** Lives a history and gives all that came of it. The wall clock must stand still. */
export async function liveHistory(
  begin: TestStripe,
  history: History,
  { cuts = [], between }: HowToLive,
): Promise<LivedWorld> {
  let server = begin;
  const heard: Stripe.Event[] = [];
  const life = await beginLife(server, history.startAt);
  const lab: TestStripe["lab"] = async (method, path, body) => {
    const legs = path === "/clock" && method === "POST" ? legsOf(body, cuts) : [body];
    let answer: Awaited<ReturnType<TestStripe["lab"]>> = { status: 0, json: {} };
    for (const leg of legs) {
      answer = await server.lab(method, path, leg);
      await hear(server.stripe, heard);
    }
    return answer;
  };
  life.local = { ...server, lab };
  for (const step of history.steps) {
    await takeStep(life, step);
    await hear(server.stripe, heard);
    if (!between) continue;
    server = await between(server);
    life.local = { ...server, lab };
    life.stripe = server.stripe;
  }
  return { objects: withoutPort(await everything(server.stripe)), events: heard.map(withoutRequest) };
}

/** Parts of a move that together lead where it leads. */
function legsOf(body: unknown, cuts: number[]): unknown[] {
  if (typeof body !== "object" || body === null || !("advance_ms" in body)) return [body];
  const seconds = Number(body.advance_ms) / 1000;
  const stops = [...cuts.map((cut) => Math.floor(seconds * cut)).toSorted((a, b) => a - b), seconds];
  return stops.flatMap((stop, index) => {
    const length = stop - (stops[index - 1] ?? 0);
    return length > 0 ? [{ advance_ms: length * 1000 }] : [];
  });
}

/**
 * Reads the events since it last did, oldest first: what is older than thirty days is forgotten. The last one heard is no
 * cursor to read from, because after a long leap it may be among the forgotten; all that is still there is newer then.
 */
async function hear(stripe: Stripe, heard: Stripe.Event[]): Promise<void> {
  const last = heard.at(-1)?.id;
  const news: Stripe.Event[] = [];
  for await (const event of stripe.events.list({ limit: 100 })) {
    if (event.id === last) break;
    news.push(event);
  }
  heard.push(...news.reverse());
}

/** Request ids count all calls, the looks at the events among them, and the SDK draws keys of its own. */
function withoutRequest(event: Stripe.Event): unknown {
  return withoutPort({ ...event, request: null });
}

/** Plain data; links into the server name the port it happens to listen on. */
function withoutPort(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "http://local"));
}

async function everything(stripe: Stripe): Promise<unknown> {
  const all = { limit: 100 };
  const some = { limit: 10_000 };
  return {
    customers: await stripe.customers.list(all).autoPagingToArray(some),
    subscriptions: await stripe.subscriptions.list({ ...all, status: "all" }).autoPagingToArray(some),
    invoices: await stripe.invoices.list(all).autoPagingToArray(some),
    invoiceItems: await stripe.invoiceItems.list(all).autoPagingToArray(some),
    invoicePayments: await stripe.invoicePayments.list(all).autoPagingToArray(some),
    paymentIntents: await stripe.paymentIntents.list(all).autoPagingToArray(some),
    charges: await stripe.charges.list(all).autoPagingToArray(some),
    refunds: await stripe.refunds.list(all).autoPagingToArray(some),
    creditNotes: await stripe.creditNotes.list(all).autoPagingToArray(some),
    money: await stripe.balanceTransactions.list(all).autoPagingToArray(some),
  };
}
