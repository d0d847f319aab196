import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";

/**
 * An invoice that was sent is not paid by its due date: its subscription is past due.
 * https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
 */
export function passDueDate(context: Context, invoice: Stripe.Invoice): void {
  const reference = invoice.parent?.subscription_details?.subscription;
  const before = reference ? findObject(context.store, "subscription", idOf(reference)) : null;
  if (invoice.status !== "open" || before?.status !== "active") return;
  saveAndTell(
    context,
    "subscription",
    { ...before, status: "past_due" },
    before,
    "customer.subscription.updated",
  );
}
