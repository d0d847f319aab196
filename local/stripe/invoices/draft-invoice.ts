import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { idOf } from "@/local/stripe/references";
import { insertObject } from "@/local/stripe/store/store";
import { planDue } from "@/local/stripe/time/due";
import { buildInvoice, type NewInvoice } from "./build-invoice";

/**
 * How long a renewal's invoice stays a draft. Stripe counts from when `invoice.created` was answered.
 * https://docs.stripe.com/billing/subscriptions/webhooks#successful-invoice-finalization
 */
export const DRAFT_SECONDS = 60 * 60;

/**
 * Creates a subscription's invoice as a draft, under the id the subscription already names as its latest, and
 * makes the clock finalize it if it is to be finalized by itself.
 */
export function draftInvoice(
  context: Context,
  subscription: Stripe.Subscription,
  input: Omit<NewInvoice, "id">,
): Stripe.Invoice {
  if (subscription.latest_invoice === null) throw new Error(`${subscription.id} names no invoice.`);
  const invoice = buildInvoice(context, subscription, { id: idOf(subscription.latest_invoice), ...input });
  insertObject(context.store, "invoice", invoice, {});
  if (input.finalizesAt !== null) {
    planDue(context.store, { at: input.finalizesAt, kind: "finalize_invoice", objectId: invoice.id });
  }
  emitEvent(context, "invoice.created", invoice);
  return invoice;
}
