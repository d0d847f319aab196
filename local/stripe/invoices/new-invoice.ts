import type Stripe from "stripe";
import { ACCOUNT_NAME } from "@/local/stripe/account/account-name";
import type { Context } from "@/local/stripe/context";
import { endpointsWanting } from "@/local/stripe/events/emit-event";
import { getByParam, idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import type { DraftInput } from "./create-draft";
import { lineItemOf, lineTermsOf } from "./line-item";
import type { InvoiceTerms } from "./line-terms";
import type { NewLine } from "./new-line";
import { recomputeInvoice } from "./recompute-invoice";

const DAY_SECONDS = 24 * 60 * 60;

export type NewInvoice = { invoice: Stripe.Invoice; terms: InvoiceTerms };

/**
 * A draft with its amounts worked out, and what is remembered beside it. Stores nothing: drafts and previews are made
 * here alike, so a preview is what will be charged. https://docs.stripe.com/api/invoices/object
 * @param lineInvoice the id the lines carry; null for a preview.
 */
export function newInvoice(
  context: Context,
  id: string,
  input: DraftInput,
  lines: NewLine[],
  lineInvoice: string | null,
): NewInvoice {
  const customer = getByParam(context, "customer", input.customer, "customer");
  const items = lines.map((line) => lineItemOf(line, lineInvoice));
  const terms = Object.fromEntries(
    lines.flatMap((line, index) => {
      const lineId = items[index]?.id;
      return lineId === undefined ? [] : [[lineId, lineTermsOf(line)] as const];
    }),
  );
  const invoice = recomputeInvoice(
    context,
    emptyInvoice(context, id, input, customer, items),
    { lines: terms },
    customer,
  );
  return { invoice, terms: { lines: terms } };
}

function emptyInvoice(
  context: Context,
  id: string,
  input: DraftInput,
  customer: Stripe.Customer,
  lines: Stripe.InvoiceLineItem[],
): Stripe.Invoice {
  const { subscription } = input;
  const collectionMethod =
    input.collectionMethod ?? subscription?.collection_method ?? "charge_automatically";
  const isCharged = collectionMethod === "charge_automatically";
  return {
    id,
    object: "invoice",
    account_country: "US",
    account_name: ACCOUNT_NAME,
    account_tax_ids: null,
    amount_due: 0,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: input.autoAdvance ?? input.finalizesAt !== null,
    automatic_tax: automaticTax(input.automaticTax ?? subscription?.automatic_tax.enabled ?? false),
    automatically_finalizes_at: input.finalizesAt,
    billing_reason: input.billingReason,
    collection_method: collectionMethod,
    created: context.now,
    currency: input.currency,
    custom_fields:
      input.customFields ??
      subscription?.invoice_settings.custom_fields ??
      customer.invoice_settings.custom_fields,
    customer: customer.id,
    customer_account: null,
    customer_address: null,
    customer_email: null,
    customer_name: null,
    customer_phone: null,
    customer_shipping: null,
    customer_tax_exempt: "none",
    customer_tax_ids: [],
    default_payment_method: input.defaultPaymentMethod ?? null,
    default_source: null,
    default_tax_rates: input.defaultTaxRates ?? subscription?.default_tax_rates ?? [],
    description: input.description ?? subscription?.invoice_settings.description ?? null,
    discounts: input.discounts ?? inheritedDiscounts(subscription, customer),
    due_date: isCharged ? null : dueDateOf(context, input),
    effective_at: input.effectiveAt ?? null,
    ending_balance: null,
    footer: input.footer ?? subscription?.invoice_settings.footer ?? customer.invoice_settings.footer,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: "self" },
    last_finalization_error: null,
    latest_revision: null,
    lines: { object: "list", data: lines, has_more: false, url: `/v1/invoices/${id}/lines` },
    livemode: false,
    metadata: input.metadata ?? {},
    next_payment_attempt: isCharged ? input.finalizesAt : null,
    number: input.number ?? null,
    on_behalf_of: null,
    parent: subscription && {
      quote_details: null,
      subscription_details: {
        metadata: subscription.metadata,
        subscription: subscription.id,
        ...(input.prorationDate === undefined ? {} : { subscription_proration_date: input.prorationDate }),
      },
      type: "subscription_details",
    },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: input.period.end,
    period_start: input.period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: input.statementDescriptor ?? productDescriptor(context, lines),
    status: "draft",
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: 0,
    subtotal_excluding_tax: 0,
    test_clock: customer.test_clock ?? null,
    total: 0,
    total_discount_amounts: [],
    total_excluding_tax: 0,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    // With nobody to tell it is set while the invoice is being made.
    // https://docs.stripe.com/api/invoices/object#invoice_object-webhooks_delivered_at
    webhooks_delivered_at: endpointsWanting(context, "invoice.created").length > 0 ? null : context.now,
  };
}

/** Automatic tax as an invoice shows it; its status follows from the customer's address. */
export function automaticTax(isEnabled: boolean): Stripe.Invoice.AutomaticTax {
  return {
    disabled_reason: null,
    enabled: isEnabled,
    liability: isEnabled ? { type: "self" } : null,
    provider: isEnabled ? "stripe" : null,
    status: null,
  };
}

function dueDateOf(context: Context, input: DraftInput): number | null {
  if (input.dueDate !== undefined) return input.dueDate;
  const days = input.daysUntilDue ?? input.subscription?.days_until_due ?? null;
  return days === null ? null : context.now + days * DAY_SECONDS;
}

/** A subscription's discounts take the place of its customer's. https://docs.stripe.com/billing/subscriptions/coupons */
function inheritedDiscounts(subscription: Stripe.Subscription | null, customer: Stripe.Customer): string[] {
  if (subscription && subscription.discounts.length > 0) return subscription.discounts.map(idOf);
  return customer.discount ? [customer.discount.id] : [];
}

/** https://docs.stripe.com/api/invoices/create#create_invoice-statement_descriptor */
function productDescriptor(context: Context, lines: Stripe.InvoiceLineItem[]): string | null {
  const first = lines.find(({ parent }) => parent?.type === "subscription_item_details");
  const product = first?.pricing?.price_details?.product;
  return (product && findObject(context.store, "product", product)?.statement_descriptor) || null;
}
