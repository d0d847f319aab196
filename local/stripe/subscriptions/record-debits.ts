import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { divideRounded } from "@/local/stripe/decimal";
import { idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { type Debit, readSecrets, type Settlement, saveSecrets } from "./secrets";

/**
 * Remembers what prorations debit while they wait for an invoice, and forgets what was credited.
 * @param settled what was credited of earlier debits, or is not to be.
 */
export function recordPendingDebits(
  context: Context,
  items: readonly Stripe.InvoiceItem[],
  subscription: Stripe.Subscription,
  settled: readonly Settlement[],
): void {
  changeDebits(context, subscription, (itemId, debits) => {
    const from = settled.find(({ item }) => item === itemId)?.from ?? Number.POSITIVE_INFINITY;
    const added = items.flatMap((item): Debit[] => {
      const isOwn = item.parent?.subscription_details?.subscription_item === itemId;
      return isOwn && item.amount > 0
        ? [{ amount: item.amount, ...item.period, on: { invoiceItem: item.id } }]
        : [];
    });
    return [...debits.flatMap((debit) => partBefore(debit, from)), ...added];
  });
}

/**
 * Remembers what an invoice debits for the subscription's items. What waited before is known already and only moves onto
 * the invoice: what was credited meanwhile is not to be credited again.
 */
export function recordInvoicedDebits(
  context: Context,
  invoice: Stripe.Invoice,
  subscription: Stripe.Subscription,
): void {
  changeDebits(context, subscription, (itemId, debits) => {
    const lines = invoice.lines.data.filter(({ parent }) => {
      const details = parent?.subscription_item_details;
      return details?.subscription === subscription.id && details.subscription_item === itemId;
    });
    const moved = debits.map((debit) => {
      const item = "invoiceItem" in debit.on ? debit.on.invoiceItem : null;
      const line = item === null ? undefined : lines.find((each) => invoiceItemOf(each) === item);
      return line ? { ...debit, on: { invoice: invoice.id, line: line.id } } : debit;
    });
    const added = lines.flatMap((line): Debit[] => {
      if (invoiceItemOf(line) !== null || line.amount <= 0) return [];
      const discounts = (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);
      const { start, end } = line.period;
      const on = { invoice: invoice.id, line: line.id };
      return [{ amount: line.amount - discounts, start, end, on }];
    });
    return [...moved, ...added];
  });
}

/** The credit for what lies of a debit's time after a moment, in proportion to the seconds. */
export function creditFrom({ amount, start, end }: Debit, moment: number): number {
  const from = Math.min(end, Math.max(start, moment));
  return divideRounded(BigInt(amount) * BigInt(end - from), BigInt(end - start));
}

/** Whether what was debited is still owed or was paid: a deleted item and a void invoice took nothing. */
export function isStanding(context: Context, { on }: Debit): boolean {
  const item = "invoiceItem" in on ? findObject(context.store, "invoiceitem", on.invoiceItem) : null;
  if ("invoiceItem" in on && !item) return false;
  const id = "invoice" in on ? on.invoice : item?.invoice;
  // What still waits is on no invoice.
  return !id || findObject(context.store, "invoice", idOf(id))?.status !== "void";
}

function invoiceItemOf({ parent }: Stripe.InvoiceLineItem): string | null {
  const item = parent?.subscription_item_details?.invoice_item ?? null;
  return item === null ? null : idOf(item);
}

/** Of the items the subscription has, what has not passed. */
function changeDebits(
  context: Context,
  subscription: Stripe.Subscription,
  change: (itemId: string, debits: Debit[]) => Debit[],
): void {
  const { debits } = readSecrets(context, subscription.id);
  const next: Record<string, Debit[]> = {};
  for (const { id } of subscription.items.data) {
    const lasting = change(id, debits[id] ?? []).filter(({ end }) => end > context.now);
    if (lasting.length > 0) next[id] = lasting;
  }
  saveSecrets(context, subscription.id, { debits: next });
}

/** What a debit comes to up to a moment: its amount less the credit for the rest. */
function partBefore(debit: Debit, moment: number): Debit[] {
  if (debit.end <= moment) return [debit];
  if (debit.start >= moment) return [];
  return [{ ...debit, amount: debit.amount - creditFrom(debit, moment), end: moment }];
}
