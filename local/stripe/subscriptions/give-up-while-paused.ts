import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { finalizeInvoice } from "@/local/stripe/invoices/finalize-invoice";
import { markUncollectible } from "@/local/stripe/invoices/mark-uncollectible";
import { voidInvoice } from "@/local/stripe/invoices/void-invoice";

/**
 * What a paused collection does with an invoice of the subscription: it stays a draft, is written off or is void. One
 * that the customer's balance pays is paid all the same. https://docs.stripe.com/billing/subscriptions/pause-payment
 */
export function giveUpWhilePaused(
  context: Context,
  draft: Stripe.Invoice,
  pause: Stripe.Subscription.PauseCollection | null,
): Stripe.Invoice {
  if (!pause || pause.behavior === "keep_as_draft") return draft;
  const invoice = finalizeInvoice(context, draft);
  if (invoice.status !== "open") return invoice;
  return pause.behavior === "void" ? voidInvoice(context, invoice) : markUncollectible(context, invoice);
}
