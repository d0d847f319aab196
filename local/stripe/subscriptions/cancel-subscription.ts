import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { stopCollection } from "@/local/stripe/invoices/stop-collection";
import { saveObject } from "@/local/stripe/store/store";
import { forgetDue } from "@/local/stripe/time/due";

export type CancellationNote = {
  comment?: string | null;
  feedback?: string | null;
  /** Why it ends; somebody asked for it unless something else is said. */
  reason?: Stripe.Subscription.CancellationDetails.Reason | null;
};

/**
 * Ends a subscription now; what it still owes is no longer collected. When the end was announced earlier,
 * `canceled_at` keeps the moment of the announcement. https://docs.stripe.com/api/subscriptions/cancel
 */
export function cancelSubscription(
  context: Context,
  before: Stripe.Subscription,
  note: CancellationNote,
): Stripe.Subscription {
  const details = before.cancellation_details;
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
    status: before.status === "incomplete" ? "incomplete_expired" : "canceled",
  };
  saveObject(context.store, "subscription", subscription);
  forgetDue(context.store, subscription.id);
  stopCollection(context, subscription);
  emitEvent(context, "customer.subscription.deleted", subscription);
  return subscription;
}
