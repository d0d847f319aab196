import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { applyDiscountParams } from "@/local/stripe/discounts/apply-discount-params";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest, parameterMissing } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { checkIsDraft } from "@/local/stripe/invoices/change-draft";
import { MAX_ITEMS } from "@/local/stripe/invoices/create-draft";
import { putItemLines } from "@/local/stripe/invoices/put-item-lines";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByParam, idOf } from "@/local/stripe/references";
import { readTaxRates } from "@/local/stripe/tax/read-tax-rates";
import { createInvoiceItem } from "./create-invoice-item";
import type { ItemParams, itemCreateParams } from "./item-params";
import { priceItem } from "./price-item";

/**
 * Adds an item to a draft, or lets it wait for the next invoice of the customer or the subscription.
 * https://docs.stripe.com/api/invoiceitems/create
 */
export function addItem(context: Context, params: ParamsOf<typeof itemCreateParams>): Stripe.InvoiceItem {
  const invoice =
    params.invoice === undefined ? null : getByParam(context, "invoice", params.invoice, "invoice");
  if (invoice) checkCanTake(invoice, params);
  const customerId = params.customer ?? (invoice?.customer ? idOf(invoice.customer) : undefined);
  if (customerId === undefined) throw parameterMissing("customer");
  const customer = getByParam(context, "customer", customerId, "customer");
  const subscription = findSubscription(context, params.subscription, customer.id);
  const currency =
    params.currency?.toLowerCase() ??
    invoice?.currency ??
    subscription?.currency ??
    params.price_data?.currency.toLowerCase() ??
    currencyOfPrice(context, params) ??
    customer.currency;
  if (!currency) throw parameterMissing("currency");
  if (invoice && invoice.currency !== currency) {
    throw invalidRequest(
      `The currency of the invoice (${invoice.currency}) does not match the currency of the invoice item (${currency}).`,
      { param: "currency" },
    );
  }
  const item = newItem(context, params, {
    customer: customer.id,
    currency,
    invoice: invoice?.id,
    subscription: subscription?.id,
  });
  if (invoice) putItemLines(context, invoice, [item]);
  return item;
}

/** Stores an item as the parameters have it; the caller puts it on its invoice. */
export function newItem(
  context: Context,
  params: ItemParams,
  of: { customer: string; currency: string; invoice?: string; subscription?: string },
  path = "",
): Stripe.InvoiceItem {
  const param = (name: string) => (path === "" ? name : `${path}[${name}]`);
  const pricing = priceItem(context, params, of.currency, path);
  if (!pricing) throw parameterMissing(param("amount"));
  const id = newId("ii");
  checkPeriod(params.period, param("period"));
  return createInvoiceItem(context, {
    ...of,
    id,
    amount: pricing.amount,
    description: params.description ?? pricing.productName,
    period: params.period ?? { start: context.now, end: context.now },
    price: pricing.price,
    quantity: pricing.quantity,
    unitAmountDecimal: pricing.unitAmountDecimal,
    proration: false,
    discountable: params.discountable,
    discounts:
      params.discounts &&
      applyDiscountParams(context, params.discounts, {
        customer: of.customer,
        currency: of.currency,
        invoiceItem: id,
        amount: pricing.amount,
        param: param("discounts"),
      }),
    taxRates: readTaxRates(context, params.tax_rates ?? [], param("tax_rates")).map(idOf),
    taxBehavior: pricing.taxBehavior,
    metadata: mergeMetadata({}, params.metadata),
  });
}

/** @throws StripeApiError 400 when the period ends before it starts. */
export function checkPeriod(period: { start: number; end: number } | undefined, param: string): void {
  if (!period || period.end >= period.start) return;
  throw invalidRequest("The period's end must not be before its start.", { param: `${param}[end]` });
}

function checkCanTake(invoice: Stripe.Invoice, params: { customer?: string }): void {
  checkIsDraft(invoice);
  if (invoice.lines.data.length >= MAX_ITEMS) {
    throw invalidRequest(`You can only add up to ${MAX_ITEMS} items to an invoice.`, { param: "invoice" });
  }
  const owner = invoice.customer === null ? null : idOf(invoice.customer);
  if (params.customer !== undefined && params.customer !== owner) {
    throw invalidRequest(`The customer ${params.customer} does not have an invoice with ID ${invoice.id}.`, {
      param: "invoice",
    });
  }
}

function findSubscription(
  context: Context,
  id: string | undefined,
  customer: string,
): Stripe.Subscription | null {
  if (id === undefined) return null;
  const subscription = getByParam(context, "subscription", id, "subscription");
  if (idOf(subscription.customer) === customer) return subscription;
  throw invalidRequest(`The customer ${customer} does not have a subscription with ID ${id}.`, {
    code: "resource_missing",
    param: "subscription",
  });
}

function currencyOfPrice(context: Context, { pricing }: ItemParams): string | undefined {
  if (pricing?.price === undefined) return undefined;
  return getByParam(context, "price", pricing.price, "pricing[price]").currency;
}
