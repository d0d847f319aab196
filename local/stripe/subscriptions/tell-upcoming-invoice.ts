import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { buildInvoice } from "@/local/stripe/invoices/build-invoice";
import { DRAFT_SECONDS } from "@/local/stripe/invoices/draft-invoice";
import { subscriptionLines } from "@/local/stripe/invoices/invoice-lines";
import { currentPeriodEnd, currentPeriodStart } from "./build-subscription";
import { withNextPeriod } from "./next-period";

const UPCOMING_STATUSES = ["trialing", "active", "past_due"];

/**
 * Tells of the invoice a renewal will make, some days before; the invoice does not exist yet and has no id.
 * https://docs.stripe.com/api/events/types#event_types-invoice.upcoming
 */
export function tellUpcomingInvoice(context: Context, subscription: Stripe.Subscription): void {
  const renewsAt = currentPeriodEnd(subscription);
  const endsBefore = subscription.cancel_at !== null && subscription.cancel_at <= renewsAt;
  if (endsBefore || !UPCOMING_STATUSES.includes(subscription.status)) return;
  const renewed: Stripe.Subscription = { ...withNextPeriod(subscription), status: "active" };
  const { id: _none, ...upcoming } = buildInvoice(context, renewed, {
    id: "",
    billingReason: "upcoming",
    lines: subscriptionLines(context, renewed),
    period: { start: currentPeriodStart(subscription), end: renewsAt },
    finalizesAt: null,
  });
  emitEvent(context, "invoice.upcoming", { ...upcoming, next_payment_attempt: renewsAt + DRAFT_SECONDS });
}
