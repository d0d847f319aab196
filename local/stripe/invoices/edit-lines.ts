import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { decimal } from "@/local/stripe/decimal";
import { applyDiscountParams } from "@/local/stripe/discounts/apply-discount-params";
import type { MetadataChange, ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest, resourceMissing } from "@/local/stripe/http/stripe-api-error";
import { checkPeriod, newItem } from "@/local/stripe/invoiceitems/add-item";
import { changedItem } from "@/local/stripe/invoiceitems/change-item";
import { deletePendingItem } from "@/local/stripe/invoiceitems/create-invoice-item";
import type {
  addLinesParams,
  ItemParams,
  removeLinesParams,
  updateLinesParams,
} from "@/local/stripe/invoiceitems/item-params";
import { priceItem } from "@/local/stripe/invoiceitems/price-item";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByParam, getByPath, idOf } from "@/local/stripe/references";
import { saveObject } from "@/local/stripe/store/store";
import { readTaxRates } from "@/local/stripe/tax/read-tax-rates";
import { changeDraft, checkIsDraft, type DraftChange } from "./change-draft";
import { MAX_ITEMS } from "./create-draft";
import { taxBehaviorOf } from "./line-item";
import { itemIdOf, withItem, withoutLines } from "./put-item-lines";

/** Adds lines to a draft: new invoice items, or pending ones. https://docs.stripe.com/api/invoice-line-item/bulk */
export function addLines(
  context: Context,
  id: string,
  params: ParamsOf<typeof addLinesParams>,
): Stripe.Invoice {
  const before = getDraft(context, id);
  if (before.lines.data.length + params.lines.length > MAX_ITEMS) {
    throw invalidRequest(`You can only add up to ${MAX_ITEMS} items to an invoice.`, { param: "lines" });
  }
  const items = params.lines.map(({ invoice_item: pending, ...line }, index) =>
    pending === undefined
      ? newItem(context, line, ownerOf(before), `lines[${index}]`)
      : assignItem(context, before, pending, line, `lines[${index}]`),
  );
  return editDraft(context, before, params.invoice_metadata, (draft) =>
    items.reduce((change, item) => withItem(context, change, item), draft),
  );
}

/** https://docs.stripe.com/api/invoice-line-item/bulk */
export function updateLines(
  context: Context,
  id: string,
  params: ParamsOf<typeof updateLinesParams>,
): Stripe.Invoice {
  const before = getDraft(context, id);
  return editDraft(context, before, params.invoice_metadata, (draft) =>
    params.lines.reduce(
      (change, { id: lineId, ...line }, index) =>
        withChangedLine(context, change, lineId, line, `lines[${index}]`),
      draft,
    ),
  );
}

/** Changes one line and answers it. https://docs.stripe.com/api/invoice-line-item/update */
export function updateLine(
  context: Context,
  id: string,
  lineId: string,
  params: ItemParams,
): Stripe.InvoiceLineItem {
  const before = getDraft(context, id);
  const invoice = editDraft(context, before, undefined, (draft) =>
    withChangedLine(context, draft, lineId, params, ""),
  );
  return findLine(invoice, lineId, "line_item_id");
}

/** Takes lines off a draft: their items are deleted, or wait again. https://docs.stripe.com/api/invoice-line-item/bulk */
export function removeLines(
  context: Context,
  id: string,
  params: ParamsOf<typeof removeLinesParams>,
): Stripe.Invoice {
  const before = getDraft(context, id);
  params.lines.forEach(({ behavior, id: lineId }, index) => {
    const item = itemIdOf(findLine(before, lineId, `lines[${index}][id]`));
    if (item === null && behavior === "unassign") {
      throw invalidRequest("Only lines of invoice items can be unassigned.", {
        param: `lines[${index}][behavior]`,
      });
    }
    if (item === null) return;
    const stored = getByPath(context, "invoiceitem", item);
    if (behavior === "delete") deletePendingItem(context, stored);
    else saveObject(context.store, "invoiceitem", { ...stored, invoice: null });
  });
  return editDraft(context, before, params.invoice_metadata, (draft) =>
    withoutLines(
      draft,
      params.lines.map((line) => line.id),
    ),
  );
}

function getDraft(context: Context, id: string): Stripe.Invoice {
  const invoice = getByPath(context, "invoice", id);
  checkIsDraft(invoice);
  return invoice;
}

function editDraft(
  context: Context,
  before: Stripe.Invoice,
  metadata: MetadataChange | undefined,
  edit: (draft: DraftChange) => DraftChange,
): Stripe.Invoice {
  return changeDraft(context, before, (draft) => {
    const { invoice, terms } = edit(draft);
    return { invoice: { ...invoice, metadata: mergeMetadata(invoice.metadata ?? {}, metadata) }, terms };
  });
}

function ownerOf(invoice: Stripe.Invoice): { customer: string; currency: string; invoice: string } {
  if (invoice.customer === null) throw new Error(`The invoice ${invoice.id} has no customer.`);
  return { customer: idOf(invoice.customer), currency: invoice.currency, invoice: invoice.id };
}

function assignItem(
  context: Context,
  invoice: Stripe.Invoice,
  id: string,
  params: ItemParams,
  path: string,
): Stripe.InvoiceItem {
  const item = getByParam(context, "invoiceitem", id, `${path}[invoice_item]`);
  if (item.invoice !== null || idOf(item.customer) !== ownerOf(invoice).customer) {
    throw invalidRequest(`The invoice item ${id} is not a pending item of this customer.`, {
      param: `${path}[invoice_item]`,
    });
  }
  return changedItem(context, { ...item, invoice: invoice.id }, params, path);
}

function findLine(invoice: Stripe.Invoice, id: string, param: string): Stripe.InvoiceLineItem {
  const line = invoice.lines.data.find((each) => each.id === id);
  if (!line) throw resourceMissing("invoice line item", id, param, param === "line_item_id" ? 404 : 400);
  return line;
}

/** What an invoice item brought follows the item; a subscription's line is changed where it stands. */
function withChangedLine(
  context: Context,
  draft: DraftChange,
  lineId: string,
  params: ItemParams,
  path: string,
): DraftChange {
  const line = findLine(draft.invoice, lineId, path === "" ? "line_item_id" : `${path}[id]`);
  const item = itemIdOf(line);
  if (item !== null) {
    return withItem(
      context,
      draft,
      changedItem(context, getByPath(context, "invoiceitem", item), params, path),
    );
  }
  return withChangedSubscriptionLine(context, draft, line, params, path);
}

function withChangedSubscriptionLine(
  context: Context,
  { invoice, terms }: DraftChange,
  line: Stripe.InvoiceLineItem,
  params: ItemParams,
  path: string,
): DraftChange {
  const param = (name: string) => (path === "" ? name : `${path}[${name}]`);
  checkPeriod(params.period, param("period"));
  const pricing = priceItem(context, params, invoice.currency, path);
  const changed: Stripe.InvoiceLineItem = {
    ...line,
    ...(pricing && {
      amount: pricing.amount,
      subtotal: pricing.amount,
      quantity: pricing.quantity,
      quantity_decimal: decimal(pricing.quantity),
      pricing: {
        ...(pricing.price
          ? { price_details: { price: pricing.price.id, product: idOf(pricing.price.product) } }
          : {}),
        type: "price_details",
        unit_amount_decimal: pricing.unitAmountDecimal ?? decimal(pricing.amount),
      },
    }),
    ...(params.description === undefined ? {} : { description: params.description }),
    ...(params.discountable === undefined ? {} : { discountable: params.discountable }),
    ...(params.discounts === undefined
      ? {}
      : {
          discounts: applyDiscountParams(context, params.discounts, {
            customer: ownerOf(invoice).customer,
            currency: invoice.currency,
            invoice: invoice.id,
            amount: line.amount,
            inherited: line.discounts.map(idOf),
            param: param("discounts"),
          }),
        }),
    ...(params.period === undefined ? {} : { period: params.period }),
    metadata: mergeMetadata(line.metadata, params.metadata),
  };
  const known = terms.lines[line.id] ?? { taxRates: [], taxBehavior: "unspecified" as const };
  const rates = params.tax_rates && readTaxRates(context, params.tax_rates, param("tax_rates"));
  return {
    invoice: {
      ...invoice,
      lines: {
        ...invoice.lines,
        data: invoice.lines.data.map((each) => (each.id === line.id ? changed : each)),
      },
    },
    terms: {
      lines: {
        ...terms.lines,
        [line.id]: {
          taxRates: rates ? rates.map(({ id }) => id) : known.taxRates,
          taxBehavior: pricing?.price ? taxBehaviorOf(pricing.price) : known.taxBehavior,
        },
      },
    },
  };
}
