import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { newId } from "@/local/stripe/ids";
import { deletePendingItem, listPendingItems } from "@/local/stripe/invoiceitems/create-invoice-item";
import { createDraft, type DraftInput, previewInvoice } from "@/local/stripe/invoices/create-draft";
import { DRAFT_SECONDS } from "@/local/stripe/invoices/draft-invoice";
import type { NewLine } from "@/local/stripe/invoices/new-line";
import { stopCollection } from "@/local/stripe/invoices/stop-collection";
import { idOf } from "@/local/stripe/references";
import { saveObject } from "@/local/stripe/store/store";
import { endScheduleOf } from "@/local/stripe/subscription-schedules/advance-schedule";
import { forgetDue } from "@/local/stripe/time/due";
import { leavePending } from "./bill-change";
import { collectChange } from "./collect-change";
import { usageSoFar } from "./item-lines";
import { currentPeriodStart } from "./item-periods";
import { cancelPendingUpdate } from "./pending-update";
import { creditLines } from "./proration-lines";

type CancellationNote = {
  comment?: string | null;
  feedback?: string | null;
  /** Why it ends; somebody asked for it unless something else is said. */
  reason?: Stripe.Subscription.CancellationDetails.Reason | null;
};

type FinalBill = {
  /** Credits what was debited and has not passed. */
  prorates: boolean;
  /** Bills metered usage and what is pending on a last invoice: now, or as a draft like a renewal's, or not at all. */
  invoice: "now" | "draft" | "none";
};

/**
 * Ends a subscription now; what it still owes is no longer collected. When the end was announced earlier,
 * `canceled_at` keeps the moment of the announcement. https://docs.stripe.com/api/subscriptions/cancel
 */
export function cancelSubscription(
  context: Context,
  stored: Stripe.Subscription,
  note: CancellationNote,
  bill: FinalBill = { prorates: false, invoice: "none" },
): Stripe.Subscription {
  const before = stored.pending_update ? cancelPendingUpdate(context, stored) : stored;
  const details = before.cancellation_details;
  stopCollection(context, before);
  if (bill.prorates) creditUnused(context, before);
  else if (bill.invoice === "none") dropPendingProrations(context, before);
  const last = bill.invoice === "none" ? null : lastInvoice(context, before, bill.invoice);
  const subscription: Stripe.Subscription = {
    ...before,
    canceled_at: before.canceled_at ?? context.now,
    cancellation_details: {
      comment: note.comment ?? details?.comment ?? null,
      feedback: note.feedback ?? details?.feedback ?? null,
      feedback_option: null,
      reason: note.reason === undefined ? "cancellation_requested" : note.reason,
    },
    ended_at: context.now,
    latest_invoice: last?.id ?? before.latest_invoice,
    status: before.status === "incomplete" ? "incomplete_expired" : "canceled",
  };
  saveObject(context.store, "subscription", subscription);
  forgetDue(context.store, subscription.id);
  emitEvent(context, "customer.subscription.deleted", subscription);
  endScheduleOf(context, subscription, note.reason === "payment_failed");
  if (last) {
    const draft = createDraft(context, { ...last, subscription });
    if (bill.invoice === "now") collectChange(context, draft, "allow_incomplete", true);
  }
  return subscription;
}

/**
 * At the announced end: what was used is billed with what is pending. Time that was cut off was credited when the end was
 * announced. https://docs.stripe.com/billing/subscriptions/cancel#custom-cancel-date
 */
export function cancelWhenAnnounced(context: Context, before: Stripe.Subscription): void {
  cancelSubscription(context, before, {}, { prorates: false, invoice: "draft" });
}

function creditUnused(context: Context, before: Stripe.Subscription): void {
  const items = before.items.data;
  leavePending(context, {
    after: before,
    prorations: creditLines(context, before, items, context.now),
    settled: items.map(({ id }) => ({ item: id, from: context.now })),
  });
}

/** Ended at once with nothing credited, what was prorated before is not billed either. */
function dropPendingProrations(context: Context, before: Stripe.Subscription): void {
  const of = { customer: idOf(before.customer), subscription: before.id };
  for (const item of listPendingItems(context, of)) {
    const isOwn = item.parent?.subscription_details?.subscription === before.id;
    if (isOwn && item.proration) deletePendingItem(context, item);
  }
}

/** Null when there is nothing to bill. */
function lastInvoice(
  context: Context,
  before: Stripe.Subscription,
  when: "now" | "draft",
): (DraftInput & { id: string }) | null {
  const invoice: DraftInput = {
    customer: idOf(before.customer),
    currency: before.currency,
    billingReason: when === "now" ? "subscription_update" : "subscription_cycle",
    subscription: before,
    lines: before.items.data.flatMap((item) => usedLines(context, before, item)),
    includesPendingItems: true,
    period: { start: currentPeriodStart(before), end: context.now },
    finalizesAt: when === "now" ? null : context.now + DRAFT_SECONDS,
  };
  const isEmpty = previewInvoice(context, invoice).lines.data.length === 0;
  return isEmpty ? null : { ...invoice, id: newId("in") };
}

function usedLines(context: Context, before: Stripe.Subscription, item: Stripe.SubscriptionItem): NewLine[] {
  return before.status === "trialing" || before.status === "paused" ? [] : usageSoFar(context, before, item);
}
