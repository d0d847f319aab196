import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { idOf } from "@/local/stripe/references";
import { type Debit, readSecrets, saveSecrets } from "./secrets";

/**
 * Remembers what an invoice billed for the subscription's items, so that it can be credited when they change. What has
 * passed is forgotten.
 * @param settled items whose earlier debits were credited, or are not to be.
 */
export function recordInvoicedDebits(
  context: Context,
  invoice: Stripe.Invoice,
  subscription: Stripe.Subscription,
  settled: readonly string[] = [],
): void {
  const added = invoice.lines.data.flatMap((line): [string, Debit][] => {
    const details = line.parent?.subscription_item_details;
    const isOwn = details && details.subscription === subscription.id;
    if (!isOwn || line.amount <= 0) return [];
    const discounts = (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);
    const { start, end } = line.period;
    const on = { invoice: invoice.id, line: line.id };
    const debit = { amount: line.amount - discounts, start, end, on };
    return [[idOf(details.subscription_item), debit]];
  });
  addDebits(context, subscription, added, settled);
}

/** The same for prorations that wait for an invoice. */
export function recordPendingDebits(
  context: Context,
  items: readonly Stripe.InvoiceItem[],
  subscription: Stripe.Subscription,
  settled: readonly string[],
): void {
  const added = items.flatMap((item): [string, Debit][] => {
    const subscriptionItem = item.parent?.subscription_details?.subscription_item;
    if (!subscriptionItem || item.amount <= 0) return [];
    const { start, end } = item.period;
    return [[subscriptionItem, { amount: item.amount, start, end, on: { invoiceItem: item.id } }]];
  });
  addDebits(context, subscription, added, settled);
}

function addDebits(
  context: Context,
  subscription: Stripe.Subscription,
  added: readonly [string, Debit][],
  settled: readonly string[],
): void {
  const { debits } = readSecrets(context, subscription.id);
  const next: Record<string, Debit[]> = {};
  for (const { id } of subscription.items.data) {
    const kept = settled.includes(id) ? [] : (debits[id] ?? []);
    const own = added.filter(([item]) => item === id).map(([, debit]) => debit);
    const lasting = [...kept, ...own].filter(({ end }) => end > context.now);
    if (lasting.length > 0) next[id] = lasting;
  }
  saveSecrets(context, subscription.id, { debits: next });
}
