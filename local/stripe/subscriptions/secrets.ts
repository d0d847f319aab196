import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { findHidden, saveHidden } from "@/local/stripe/store/store";

/**
 * What was billed for an item and a stretch of time. What has not passed of it is credited when the item changes: flexible
 * billing reckons with what was really debited, not with the price of the day.
 * https://docs.stripe.com/billing/subscriptions/prorations#credit-prorations
 */
export type Debit = {
  /** After discounts, before taxes that come on top. */
  amount: number;
  start: number;
  end: number;
  /** Where it stands: on a line of an invoice, or as an item that waits for one. */
  on: { invoice: string; line: string } | { invoiceItem: string };
};

/** A change of a subscription that takes effect when its invoice is paid. */
export type WaitingChange = {
  kind: "pending_update" | "resumption";
  invoice: string;
  /** The fields as they will be. */
  after: Partial<Stripe.Subscription>;
  /** The debits that are settled with it. */
  settled: Settlement[];
  /** The invoice items that bill it, by their ids. */
  prorations: string[];
  /** Whether an attempt to pay is enough, however it ends. */
  takesEffectOnAttempt: boolean;
};

/** An item's debits are credited from a moment on, or passed over: nothing of that time is credited again. */
export type Settlement = { item: string; from: number };

/** What the engine remembers of a subscription and Stripe never shows. */
export type SubscriptionSecrets = {
  /** By the item's id. */
  debits: Record<string, Debit[]>;
  waiting: WaitingChange | null;
  /** By the item's id: until when a metered item's usage was billed before its period's end, or passed over. */
  usageBilledUntil: Record<string, number>;
};

export const NEW_SUBSCRIPTION_SECRETS: SubscriptionSecrets = {
  debits: {},
  waiting: null,
  usageBilledUntil: {},
};

export function readSecrets(context: Context, subscriptionId: string): SubscriptionSecrets {
  // A subscription that is only previewed is not stored.
  return findHidden(context.store, "subscription", subscriptionId) ?? NEW_SUBSCRIPTION_SECRETS;
}

/** Changes some of them. */
export function saveSecrets(
  context: Context,
  subscriptionId: string,
  changes: Partial<SubscriptionSecrets>,
): void {
  const secrets = { ...readSecrets(context, subscriptionId), ...changes };
  saveHidden(context.store, "subscription", subscriptionId, secrets);
}
