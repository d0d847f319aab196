import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { lineOfItem } from "@/local/stripe/invoiceitems/line-of-item";
import { changeDraft, type DraftChange } from "./change-draft";
import { lineItemOf, lineTermsOf } from "./line-item";

/**
 * Puts items onto a draft, after what stands there already, or brings their lines up to date.
 * https://docs.stripe.com/api/invoices/object#invoice_object-lines
 */
export function putItemLines(
  context: Context,
  before: Stripe.Invoice,
  items: Stripe.InvoiceItem[],
): Stripe.Invoice {
  return changeDraft(context, before, (draft) =>
    items.reduce((change, item) => withItem(context, change, item), draft),
  );
}

/** Takes the lines of items off a draft. */
export function dropItemLines(context: Context, before: Stripe.Invoice, ids: string[]): Stripe.Invoice {
  return changeDraft(context, before, (draft) => {
    const dropped = draft.invoice.lines.data.filter((line) => ids.includes(itemIdOf(line) ?? ""));
    return withoutLines(
      draft,
      dropped.map(({ id }) => id),
    );
  });
}

/** The draft without the lines. */
export function withoutLines({ invoice, terms }: DraftChange, ids: string[]): DraftChange {
  const lines = Object.entries(terms.lines).filter(([id]) => !ids.includes(id));
  const data = invoice.lines.data.filter(({ id }) => !ids.includes(id));
  return {
    invoice: { ...invoice, lines: { ...invoice.lines, data } },
    terms: { lines: Object.fromEntries(lines) },
  };
}

/** The draft with the item on it, in its old place if it has one. */
export function withItem(context: Context, draft: DraftChange, item: Stripe.InvoiceItem): DraftChange {
  const { invoice, terms } = draft;
  const line = lineOfItem(context, item);
  const fresh = lineItemOf(line, invoice.id);
  const known = invoice.lines.data.find((each) => itemIdOf(each) === item.id);
  const id = known?.id ?? fresh.id;
  const data = known
    ? invoice.lines.data.map((each) => (each === known ? { ...fresh, id } : each))
    : [...invoice.lines.data, fresh];
  return {
    invoice: { ...invoice, lines: { ...invoice.lines, data } },
    terms: { lines: { ...terms.lines, [id]: lineTermsOf(line) } },
  };
}

/** The invoice item behind a line, or null. */
export function itemIdOf({ parent }: Stripe.InvoiceLineItem): string | null {
  return (
    parent?.invoice_item_details?.invoice_item ?? parent?.subscription_item_details?.invoice_item ?? null
  );
}
