import type Stripe from "stripe";
import { expect } from "vitest";
import { type Life, type Outcome, outcomeOf, plain, type Send } from "./life";

/** Sends the call again under its key. https://docs.stripe.com/api/idempotent_requests */
export async function checkReplay(
  life: Life,
  send: Send<unknown>,
  options: Stripe.RequestOptions,
  first: Outcome,
): Promise<void> {
  const before = await countsOf(life);
  const again = await outcomeOf(send(options));
  expect(saidIn(again)).toEqual(saidIn(first));
  expect(await countsOf(life)).toEqual(before);
}

/** How many there are of each kind; of events only which is the newest, because those of long ago are forgotten. */
async function countsOf({ local, stripe }: Life): Promise<unknown> {
  // The lab's answer is looked at as a whole.
  const { event: _event, ...counts } = (await local.lab("GET", "/health")).json.objects as object & {
    event?: number;
  };
  const [newest] = (await stripe.events.list({ limit: 1 })).data;
  return { counts, newestEvent: newest?.id };
}

/** An answer whole, of a refusal what Stripe said. */
function saidIn(outcome: Outcome): unknown {
  if ("answer" in outcome) return plain(outcome.answer);
  const { type, code, message, param, statusCode } = outcome.refusal;
  return { type, code, message, param, statusCode };
}
