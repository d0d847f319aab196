import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { getByPath } from "@/local/stripe/references";
import { deleteObject } from "@/local/stripe/store/store";
import { followWrittenOffInvoice } from "@/local/stripe/subscriptions/follow-invoice";
import { followVoidedInvoice } from "@/local/stripe/subscriptions/follow-voided-invoice";
import { forgetDue, planDue } from "@/local/stripe/time/due";
import { DRAFT_SECONDS } from "./draft-invoice";
import { finalizeInvoice } from "./finalize-invoice";
import { markUncollectible } from "./mark-uncollectible";
import { voidInvoice } from "./void-invoice";

const NOT_OPEN = "You can only pass in open invoices. This invoice isn't open.";

/**
 * Finalizes a draft. Nobody is charged by it; an invoice that advances by itself is charged within the hour.
 * https://docs.stripe.com/api/invoices/finalize
 */
export function finalizeByHand(context: Context, id: string, autoAdvance?: boolean): Stripe.Invoice {
  const draft = getByPath(context, "invoice", id);
  if (draft.status !== "draft") {
    throw invalidRequest("This invoice is already finalized, you can't re-finalize a non-draft invoice.");
  }
  const invoice = finalizeInvoice(context, draft, autoAdvance);
  return invoice.status === "open" ? planCollection(context, invoice) : invoice;
}

/** Tells `invoice.sent`; a draft is finalized first. No mail is sent. https://docs.stripe.com/api/invoices/send */
export function sendByHand(context: Context, id: string): Stripe.Invoice {
  const before = getByPath(context, "invoice", id);
  if (before.collection_method !== "send_invoice" || !["draft", "open"].includes(before.status ?? "")) {
    throw invalidRequest(
      "This invoice cannot be sent right now. Please contact us via https://support.stripe.com/contact with details, so we can help.",
    );
  }
  const invoice = before.status === "draft" ? finalizeInvoice(context, before) : before;
  emitEvent(context, "invoice.sent", invoice);
  return invoice;
}

/** https://docs.stripe.com/api/invoices/void and https://docs.stripe.com/invoicing/integration/workflow-transitions */
export function voidByHand(context: Context, id: string): Stripe.Invoice {
  const before = getByPath(context, "invoice", id);
  if (before.status === "paid") throw invalidRequest("Invoices with `paid` payments cannot be voided.");
  if (before.status !== "open" && before.status !== "uncollectible") throw invalidRequest(NOT_OPEN);
  const invoice = voidInvoice(context, before);
  followVoidedInvoice(context, invoice);
  return invoice;
}

/** https://docs.stripe.com/api/invoices/mark_uncollectible */
export function markUncollectibleByHand(context: Context, id: string): Stripe.Invoice {
  const before = getByPath(context, "invoice", id);
  if (before.status === "uncollectible") {
    throw invalidRequest("This invoice has already been marked uncollectible.");
  }
  if (before.status !== "open") throw invalidRequest(NOT_OPEN);
  const invoice = markUncollectible(context, before);
  followWrittenOffInvoice(context, invoice);
  return invoice;
}

/**
 * Deletes a one-off draft; its items stay with it and are not billed again.
 * https://docs.stripe.com/api/invoices/delete
 */
export function deleteDraft(context: Context, id: string): Stripe.DeletedInvoice {
  const invoice = getByPath(context, "invoice", id);
  if (invoice.status !== "draft") throw invalidRequest("You can only delete draft invoices.");
  if (invoice.parent?.subscription_details && invoice.billing_reason !== "manual") {
    throw invalidRequest("You can't delete invoices created by subscriptions. Finalize and void it instead.");
  }
  forgetDue(context.store, id);
  deleteObject(context.store, id);
  emitEvent(context, "invoice.deleted", invoice);
  return { id, object: "invoice", deleted: true };
}

function planCollection(context: Context, before: Stripe.Invoice): Stripe.Invoice {
  const isCharged = before.auto_advance && before.collection_method === "charge_automatically";
  const at = isCharged ? context.now + DRAFT_SECONDS : null;
  const invoice: Stripe.Invoice = { ...before, next_payment_attempt: at };
  if (at !== null) planDue(context.store, { at, kind: "retry_payment", objectId: invoice.id });
  saveAndTell(context, "invoice", invoice, before, "invoice.updated");
  return invoice;
}
