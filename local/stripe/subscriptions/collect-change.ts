import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { findMethodToCharge } from "@/local/stripe/invoices/collect-invoice";
import { finalizeInvoice } from "@/local/stripe/invoices/finalize-invoice";
import { payInvoice } from "@/local/stripe/invoices/pay-invoice";
import { chargeOutcome } from "@/local/stripe/payment-methods/charge-outcome";
import { idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { giveUpWhilePaused } from "./give-up-while-paused";
import { paymentRefused } from "./payment-refused";
import { setStatus } from "./set-status";

export type PaymentBehavior =
  | "allow_incomplete"
  | "default_incomplete"
  | "error_if_incomplete"
  | "pending_if_incomplete";

/**
 * Finalizes the invoice of a change and collects it as `payment_behavior` says. An invoice that is sent stays open until
 * it is paid. https://docs.stripe.com/api/subscriptions/update#update_subscription-payment_behavior
 * @throws StripeApiError 402 when the card is declined and the behavior is `error_if_incomplete`.
 */
export function collectChange(
  context: Context,
  draft: Stripe.Invoice,
  behavior: PaymentBehavior,
  isOffSession: boolean,
): Stripe.Invoice {
  const pause = subscriptionOf(context, draft)?.pause_collection ?? null;
  if (pause) return giveUpWhilePaused(context, draft, pause);
  const invoice = finalizeInvoice(context, draft);
  if (invoice.status !== "open" || invoice.collection_method === "send_invoice") return invoice;
  if (behavior === "default_incomplete") {
    markPastDue(context, invoice);
    return invoice;
  }
  const method = findMethodToCharge(context, invoice);
  const decline = method && chargeOutcome(context, method, { isOffSession });
  if (decline && behavior === "error_if_incomplete") throw paymentRefused(decline);
  return payInvoice(context, invoice, method, { isOffSession });
}

/** The client is to pay; until then the subscription owes. */
function markPastDue(context: Context, invoice: Stripe.Invoice): void {
  const before = subscriptionOf(context, invoice);
  if (before?.status === "active") setStatus(context, before, "past_due");
}

function subscriptionOf(context: Context, invoice: Stripe.Invoice): Stripe.Subscription | null {
  const reference = invoice.parent?.subscription_details?.subscription;
  return reference ? findObject(context.store, "subscription", idOf(reference)) : null;
}
