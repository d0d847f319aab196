import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { previewInvoice } from "@/local/stripe/invoices/create-draft";
import { DRAFT_SECONDS } from "@/local/stripe/invoices/draft-invoice";
import { currentPeriodEnd } from "./item-periods";
import { renewalOf } from "./renewal-invoice";

const UPCOMING_STATUSES = ["trialing", "active", "past_due"];

/**
 * Tells of the invoice a renewal will make, some days before; the invoice does not exist yet and has no id.
 * https://docs.stripe.com/api/events/types#event_types-invoice.upcoming
 */
export function tellUpcomingInvoice(context: Context, subscription: Stripe.Subscription): void {
  const renewsAt = currentPeriodEnd(subscription);
  const endsBefore = subscription.cancel_at !== null && subscription.cancel_at <= renewsAt;
  if (endsBefore || !UPCOMING_STATUSES.includes(subscription.status)) return;
  // https://docs.stripe.com/billing/subscriptions/pause-payment
  if (subscription.pause_collection !== null) return;
  const then = { ...context, now: renewsAt };
  const { invoice } = renewalOf(then, subscription);
  const { id: _none, ...upcoming } = previewInvoice(then, { ...invoice, billingReason: "upcoming" });
  emitEvent(context, "invoice.upcoming", { ...upcoming, next_payment_attempt: renewsAt + DRAFT_SECONDS });
}
