import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { applyDiscountParams } from "@/local/stripe/discounts/apply-discount-params";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getAttachedPaymentMethod } from "@/local/stripe/payment-methods/attach-payment-method";
import { getByParam, idOf } from "@/local/stripe/references";
import { readTaxRates } from "@/local/stripe/tax/read-tax-rates";
import { createDraft } from "./create-draft";
import { DRAFT_SECONDS } from "./draft-invoice";
import type { invoiceCreateParams } from "./invoice-params";

type Params = ParamsOf<typeof invoiceCreateParams>;

/**
 * Makes a one-off invoice, a draft: empty unless pending items are to be included, and left alone unless it is to
 * advance by itself. https://docs.stripe.com/api/invoices/create
 */
export function createInvoice(context: Context, params: Params): Stripe.Invoice {
  const customer = getByParam(context, "customer", params.customer, "customer");
  const subscription = findSubscription(context, params, customer);
  const currency = params.currency?.toLowerCase() ?? subscription?.currency ?? customer.currency ?? "usd";
  checkDueDate(params, params.collection_method ?? "charge_automatically");
  checkFinalizationTime(context, params);
  const method = params.default_payment_method;
  if (method) getAttachedPaymentMethod(context, method, customer.id, "default_payment_method");
  const id = newId("in");
  const autoAdvance = params.auto_advance ?? params.automatically_finalizes_at !== undefined;
  return createDraft(context, {
    id,
    customer: customer.id,
    currency,
    billingReason: "manual",
    subscription,
    lines: [],
    includesPendingItems: params.pending_invoice_items_behavior === "include",
    period: { start: context.now, end: context.now },
    finalizesAt: autoAdvance ? (params.automatically_finalizes_at ?? context.now + DRAFT_SECONDS) : null,
    autoAdvance,
    automaticTax: params.automatic_tax?.enabled ?? false,
    collectionMethod: params.collection_method ?? "charge_automatically",
    customFields: params.custom_fields,
    daysUntilDue: params.days_until_due,
    defaultPaymentMethod: method ?? undefined,
    defaultTaxRates: readTaxRates(context, params.default_tax_rates ?? [], "default_tax_rates"),
    description: params.description ?? undefined,
    discounts:
      params.discounts &&
      applyDiscountParams(context, params.discounts, {
        customer: customer.id,
        currency,
        invoice: id,
        amount: null,
        inherited: [
          ...(customer.discount ? [customer.discount.id] : []),
          ...(subscription?.discounts ?? []).map(idOf),
        ],
      }),
    dueDate: params.due_date,
    effectiveAt: params.effective_at ?? undefined,
    footer: params.footer ?? undefined,
    metadata: mergeMetadata({}, params.metadata),
    number: params.number ?? undefined,
    statementDescriptor: params.statement_descriptor ?? undefined,
  });
}

/** An invoice that is sent needs a due date, and no other has one. */
export function checkDueDate(
  params: { days_until_due?: number; due_date?: number },
  method: Stripe.Invoice.CollectionMethod,
): void {
  const isGiven = params.days_until_due !== undefined || params.due_date !== undefined;
  if (method === "send_invoice" && !isGiven) {
    throw invalidRequest(
      "If invoice collection method is 'send_invoice', you must specify 'due_date' or 'days_until_due'.",
    );
  }
  if (method !== "send_invoice" && isGiven) {
    throw invalidRequest(
      "You can only specify 'due_date' or 'days_until_due' if invoice collection method is 'send_invoice'.",
    );
  }
  if (params.days_until_due !== undefined && params.due_date !== undefined) {
    throw invalidRequest("You may only specify one of these parameters: days_until_due, due_date.", {
      param: "due_date",
    });
  }
}

/** Up to five years ahead. https://docs.stripe.com/invoicing/scheduled-finalization */
export function checkFinalizationTime(
  context: Context,
  params: { auto_advance?: boolean; automatically_finalizes_at?: number },
): void {
  const at = params.automatically_finalizes_at;
  if (at === undefined) return;
  const param = "automatically_finalizes_at";
  if (at <= context.now) throw invalidRequest("The timestamp must be in the future.", { param });
  if (at > context.now + 5 * 366 * 24 * 60 * 60) {
    throw invalidRequest("The timestamp can be at most five years in the future.", { param });
  }
  if (params.auto_advance === false) {
    throw invalidRequest("An invoice that does not advance by itself is not finalized by itself.", { param });
  }
}

function findSubscription(
  context: Context,
  params: Params,
  customer: Stripe.Customer,
): Stripe.Subscription | null {
  if (params.subscription === undefined) return null;
  const subscription = getByParam(context, "subscription", params.subscription, "subscription");
  if (idOf(subscription.customer) === customer.id) return subscription;
  throw invalidRequest(
    `The customer ${customer.id} does not have a subscription with ID ${params.subscription}.`,
    { code: "resource_missing", param: "subscription" },
  );
}
