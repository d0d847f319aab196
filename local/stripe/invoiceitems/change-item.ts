import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { decimal } from "@/local/stripe/decimal";
import { applyDiscountParams } from "@/local/stripe/discounts/apply-discount-params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { checkIsDraft } from "@/local/stripe/invoices/change-draft";
import { taxBehaviorOf } from "@/local/stripe/invoices/line-item";
import { putItemLines } from "@/local/stripe/invoices/put-item-lines";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByParam, idOf } from "@/local/stripe/references";
import { readHidden, saveHidden, saveObject } from "@/local/stripe/store/store";
import { readTaxRates } from "@/local/stripe/tax/read-tax-rates";
import { checkPeriod } from "./add-item";
import { buildInvoiceItem } from "./create-invoice-item";
import type { ItemParams } from "./item-params";
import { priceItem } from "./price-item";

/** Changes an item that waits or stands on a draft; the draft follows. https://docs.stripe.com/api/invoiceitems/update */
export function changeItem(
  context: Context,
  before: Stripe.InvoiceItem,
  params: ItemParams,
): Stripe.InvoiceItem {
  const invoice = before.invoice === null ? null : draftOf(context, before.invoice);
  const item = changedItem(context, before, params);
  if (invoice) putItemLines(context, invoice, [item]);
  return item;
}

/** Changes the item alone. */
export function changedItem(
  context: Context,
  before: Stripe.InvoiceItem,
  params: ItemParams,
  path = "",
): Stripe.InvoiceItem {
  const param = (name: string) => (path === "" ? name : `${path}[${name}]`);
  if (before.proration && params.discountable) {
    throw invalidRequest("Prorations cannot be made discountable.", { param: param("discountable") });
  }
  checkPeriod(params.period, param("period"));
  const item: Stripe.InvoiceItem = {
    ...before,
    ...newAmounts(context, before, params, path),
    ...(params.description === undefined ? {} : { description: params.description }),
    ...(params.discountable === undefined ? {} : { discountable: params.discountable }),
    ...(params.discounts === undefined
      ? {}
      : {
          discounts: applyDiscountParams(context, params.discounts, {
            customer: idOf(before.customer),
            currency: before.currency,
            invoiceItem: before.id,
            amount: before.amount,
            current: (before.discounts ?? []).map(idOf),
            param: param("discounts"),
          }),
        }),
    ...(params.period === undefined ? {} : { period: params.period }),
    ...(params.tax_rates === undefined
      ? {}
      : { tax_rates: readTaxRates(context, params.tax_rates, param("tax_rates")) }),
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
  };
  saveObject(context.store, "invoiceitem", item);
  return item;
}

/** @throws StripeApiError 400 when the item's invoice is no draft any more, or gone. */
export function draftOf(context: Context, reference: string | { id: string }): Stripe.Invoice {
  const invoice = getByParam(context, "invoice", idOf(reference), "invoice");
  checkIsDraft(invoice);
  return invoice;
}

/** A new quantity alone keeps the price; what has an amount of its own keeps its unit amount. */
function newAmounts(
  context: Context,
  before: Stripe.InvoiceItem,
  params: ItemParams,
  path: string,
): Partial<Stripe.InvoiceItem> {
  const pricing = priceItem(context, completed(before, params), before.currency, path);
  const { taxBehavior } = readHidden(context.store, "invoiceitem", before.id);
  const nextBehavior = params.tax_behavior ?? (pricing?.price ? taxBehaviorOf(pricing.price) : taxBehavior);
  if (nextBehavior !== taxBehavior) {
    saveHidden(context.store, "invoiceitem", before.id, { taxBehavior: nextBehavior });
  }
  if (!pricing) return {};
  const built = buildInvoiceItem(context, {
    customer: idOf(before.customer),
    currency: before.currency,
    amount: pricing.amount,
    description: null,
    period: before.period,
    price: pricing.price,
    quantity: pricing.quantity,
    unitAmountDecimal: pricing.unitAmountDecimal,
    proration: before.proration,
  });
  return {
    amount: built.amount,
    discountable: before.discountable && (built.amount >= 0 || before.amount < 0),
    pricing: built.pricing,
    quantity: built.quantity,
    quantity_decimal: decimal(built.quantity),
  };
}

/** The parameters with what a new quantity, or a new unit amount, leaves as it was. */
function completed(before: Stripe.InvoiceItem, params: ItemParams): ItemParams {
  const isPriced = params.amount ?? params.price_data ?? params.pricing ?? params.unit_amount_decimal;
  if (isPriced !== undefined) {
    return params.amount === undefined ? { ...params, quantity: params.quantity ?? before.quantity } : params;
  }
  if (params.quantity === undefined) return params;
  const price = before.pricing?.price_details?.price;
  if (price) return { ...params, pricing: { price: idOf(price) } };
  return { ...params, unit_amount_decimal: String(before.pricing?.unit_amount_decimal ?? before.amount) };
}
