import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import * as declines from "@/local/stripe/payment-methods/declines";
import { fieldEquals, listAllObjects } from "@/local/stripe/store/list-objects";
import { findObject, readMeta, type Store, writeMeta } from "@/local/stripe/store/store";

const KEY = "forced_declines";

/** Says that the next charges of a customer or of a subscription are declined, whatever the card is for. */
export type ForcedDecline = { id: string; object: string; reason: string; remaining: number };

const BY_REASON: ReadonlyMap<string, declines.Decline> = new Map(
  Object.values(declines).map((decline) => [decline.declineCode, decline]),
);

/** The decline codes that can be asked for, the one that says nothing first. */
export const DECLINE_REASONS: readonly string[] = [
  ...new Set([declines.GENERIC_DECLINE.declineCode, ...BY_REASON.keys()]),
];

export function listForcedDeclines(store: Store): ForcedDecline[] {
  return JSON.parse(readMeta(store, KEY) ?? "[]");
}

export function saveForcedDeclines(store: Store, forced: readonly ForcedDecline[]): void {
  writeMeta(store, KEY, JSON.stringify(forced));
}

/**
 * Uses up one decline that waits for this charge, within the transaction that makes it. One for a subscription comes
 * before one for its customer.
 */
export function takeForcedDecline(context: Context, intent: Stripe.PaymentIntent): declines.Decline | null {
  const waiting = listForcedDeclines(context.store);
  if (waiting.length === 0 || typeof intent.customer !== "string") return null;
  const subscription = subscriptionOf(context, intent, intent.customer);
  const found =
    waiting.find(({ object }) => object === subscription) ??
    waiting.find(({ object }) => object === intent.customer);
  if (!found) return null;
  const left = waiting.map((one) => (one === found ? { ...one, remaining: one.remaining - 1 } : one));
  saveForcedDeclines(
    context.store,
    left.filter(({ remaining }) => remaining > 0),
  );
  return BY_REASON.get(found.reason) ?? null;
}

/** The decline that waits for a customer's next charge, for those who ask beforehand how it would end. */
export function findForcedDecline(store: Store, customer: string): declines.Decline | null {
  const found = listForcedDeclines(store).find(({ object }) => object === customer);
  return (found && BY_REASON.get(found.reason)) ?? null;
}

/** The subscription whose invoice the intent pays, or null. */
function subscriptionOf(context: Context, intent: Stripe.PaymentIntent, customer: string): string | null {
  const [payment] = listAllObjects(context.store, "invoice_payment", [
    fieldEquals("$.payment.payment_intent", intent.id),
  ]);
  const invoiceId = payment?.invoice;
  const invoice = typeof invoiceId === "string" ? findObject(context.store, "invoice", invoiceId) : null;
  const reference = invoice?.parent?.subscription_details?.subscription;
  return invoice?.customer === customer && typeof reference === "string" ? reference : null;
}
