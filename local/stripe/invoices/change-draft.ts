import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { readHidden, saveHidden } from "@/local/stripe/store/store";
import type { InvoiceTerms } from "./line-terms";
import { recomputeInvoice } from "./recompute-invoice";

/** What is to become of a draft: its fields, and what is remembered of its lines. */
export type DraftChange = { invoice: Stripe.Invoice; terms: InvoiceTerms };

/** Changes a draft, works out its amounts anew and tells `invoice.updated` if that made a difference. */
export function changeDraft(
  context: Context,
  before: Stripe.Invoice,
  change: (draft: DraftChange) => DraftChange,
): Stripe.Invoice {
  const terms = readHidden(context.store, "invoice", before.id);
  const changed = change({ invoice: before, terms });
  const invoice = recomputeInvoice(context, changed.invoice, changed.terms);
  saveHidden(context.store, "invoice", before.id, { ...terms, ...changed.terms });
  saveAndTell(context, "invoice", invoice, before, "invoice.updated");
  return invoice;
}

/** @throws StripeApiError 400 `invoice_not_editable` for an invoice that is no draft. */
export function checkIsDraft(invoice: Stripe.Invoice): void {
  if (invoice.status === "draft") return;
  throw invalidRequest("Invalid invoice: This invoice is no longer editable", {
    code: "invoice_not_editable",
    param: "invoice",
  });
}
