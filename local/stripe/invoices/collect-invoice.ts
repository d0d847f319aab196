import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { findDefaultPaymentMethod } from "@/local/stripe/payment-methods/default-payment-method";
import { idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { finalizeInvoice } from "./finalize-invoice";
import { holdDraft } from "./hold-draft";
import { payInvoice } from "./pay-invoice";

/**
 * Automatic collection: a draft whose hour is over is finalized and charged (or sent) at once, an open invoice is
 * charged again, each with the payment method that is the default at that moment.
 * https://docs.stripe.com/invoicing/integration/automatic-advancement-collection
 */
export function collectInvoice(context: Context, invoice: Stripe.Invoice): void {
  if (!invoice.auto_advance) return;
  if (invoice.status === "draft" && holdDraft(context, invoice)) return;
  const open = invoice.status === "draft" ? finalizeInvoice(context, invoice) : invoice;
  if (open.status !== "open") return;
  if (open.collection_method === "send_invoice") emitEvent(context, "invoice.sent", open);
  else payInvoice(context, open, findMethodToCharge(context, open));
}

/** What an invoice is charged to: its own method, the subscription's, then the customer's. */
export function findMethodToCharge(context: Context, invoice: Stripe.Invoice): Stripe.PaymentMethod | null {
  const own = invoice.default_payment_method;
  if (own !== null) return findObject(context.store, "payment_method", idOf(own));
  const reference = invoice.parent?.subscription_details?.subscription;
  const subscription = reference ? findObject(context.store, "subscription", idOf(reference)) : null;
  const customer = invoice.customer;
  return customer === null
    ? null
    : findDefaultPaymentMethod(context, {
        customer,
        default_payment_method: subscription?.default_payment_method ?? null,
      });
}
