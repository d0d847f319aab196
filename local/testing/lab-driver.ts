import type Stripe from "stripe";
import { LOCAL_CREDENTIALS } from "@/local/credentials";

/** Test cards of the local Stripe, by what they do. https://docs.stripe.com/testing */
export const CARDS = {
  success: "4242424242424242",
  declined: "4000000000000002",
  /** Can be saved, and is declined whenever it is charged. */
  declinedLater: "4000000000000341",
} as const;

/** A renewal's invoice is collected an hour after the period's end. */
const COLLECTED_AFTER_MS = 60 * 60 * 1000;

/** Fills in the hosted checkout page and presses its button. @returns the status and where it leads. */
export async function payOnPage(
  url: string,
  number: string = CARDS.success,
): Promise<{ status: number; location: string | null; body: string }> {
  const form = { email: "payer@person.test", name: "Test Person", number, expiry: "12/34", cvc: "123" };
  const response = await fetch(url, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
  return { status: response.status, location: response.headers.get("location"), body: await response.text() };
}

/** Makes the next calls of one kind at the local Stripe fail, be slow, or lose their answer. */
export async function setFault(
  stripeUrl: string,
  fault: { route?: string; status?: 500 | 429; count: number; delay_ms?: number; drop_after?: boolean },
): Promise<void> {
  await askLab(stripeUrl, "/faults", fault);
}

/** Moves the local Stripe's time forward, doing what falls due on the way. @returns its time then. */
export async function jumpTo(stripeUrl: string, moment: Date): Promise<Date> {
  return readNow(await askLab(stripeUrl, "/clock", { to: Math.ceil(moment.getTime() / 1000) }));
}

/** Brings the local Stripe's time back to the wall clock's. @returns its time then. */
export async function jumpToPresent(stripeUrl: string): Promise<Date> {
  return readNow(await askLab(stripeUrl, "/clock", { to: "present" }));
}

/** Has a local Stripe in which nobody lives yet begin its time at a moment, past or future. */
export async function startClockAt(stripeUrl: string, moment: Date): Promise<void> {
  await askLab(stripeUrl, "/clock", { start_at: Math.floor(moment.getTime() / 1000) });
}

/** Jumps over the end of the subscription's current period, or trial, to where its invoice has been collected. */
export async function jumpToNextRenewal(
  stripeUrl: string,
  stripe: Stripe,
  subscriptionId: string,
): Promise<Date> {
  const { items } = await stripe.subscriptions.retrieve(subscriptionId);
  const periodEnd = Math.min(...items.data.map((item) => item.current_period_end));
  return jumpTo(stripeUrl, new Date(periodEnd * 1000 + COLLECTED_AFTER_MS));
}

/** Has the local Stripe send an event two more times to every endpoint. */
export async function deliverTwice(stripeUrl: string, eventId: string): Promise<void> {
  await askLab(stripeUrl, `/events/${eventId}/redeliver`, { times: 2 });
}

/** Swaps the subscription's card for one that every charge from now on is declined on. */
export async function failNextCharge(stripe: Stripe, subscriptionId: string): Promise<void> {
  await giveCard(stripe, subscriptionId, "pm_card_chargeCustomerFail");
}

/** Swaps the subscription's card for one that is good. */
export async function repairCard(stripe: Stripe, subscriptionId: string): Promise<void> {
  await giveCard(stripe, subscriptionId, "pm_card_visa");
}

async function giveCard(stripe: Stripe, subscriptionId: string, card: string): Promise<void> {
  const { customer } = await stripe.subscriptions.retrieve(subscriptionId);
  const method = await stripe.paymentMethods.attach(card, { customer: String(customer) });
  await stripe.subscriptions.update(subscriptionId, { default_payment_method: method.id });
}

async function askLab(stripeUrl: string, path: string, body: object): Promise<unknown> {
  const response = await fetch(`${stripeUrl}/lab${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${LOCAL_CREDENTIALS.stripeSecretKey}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the lab refused: ${await response.text()}`);
  return response.json();
}

function readNow(clock: unknown): Date {
  return new Date((clock as { now: number }).now * 1000); // what POST /lab/clock answers
}
