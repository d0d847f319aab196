import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { applyDiscountParams } from "@/local/stripe/discounts/apply-discount-params";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getAttachedPaymentMethod } from "@/local/stripe/payment-methods/attach-payment-method";
import { getByPath, idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { readTaxRates } from "@/local/stripe/tax/read-tax-rates";
import { forgetDue, planDue } from "@/local/stripe/time/due";
import { changeDraft } from "./change-draft";
import { checkDueDate, checkFinalizationTime } from "./create-invoice";
import { DRAFT_SECONDS } from "./draft-invoice";
import type { invoiceUpdateParams } from "./invoice-params";
import { automaticTax } from "./new-invoice";

type Params = ParamsOf<typeof invoiceUpdateParams>;

const DAY_SECONDS = 24 * 60 * 60;

/** What can still be changed once an invoice is finalized. https://docs.stripe.com/api/invoices/update */
const EDITABLE_WHEN_OPEN = ["auto_advance", "default_payment_method", "metadata"];

/** Changes a draft; of a finalized invoice only how it is collected and its metadata. */
export function updateInvoice(context: Context, id: string, params: Params): Stripe.Invoice {
  const before = getByPath(context, "invoice", id);
  const method = params.default_payment_method;
  if (method && before.customer !== null) {
    getAttachedPaymentMethod(context, method, idOf(before.customer), "default_payment_method");
  }
  if (before.status === "draft") return updateDraft(context, before, params);
  const refused = Object.keys(params).find((name) => !EDITABLE_WHEN_OPEN.includes(name));
  if (refused !== undefined) {
    throw invalidRequest("Finalized invoices can't be updated in this way", { param: refused });
  }
  if (params.auto_advance === true && before.status !== "open") {
    throw invalidRequest("You can only pass in open invoices. This invoice isn't open.", {
      param: "auto_advance",
    });
  }
  const advances = params.auto_advance ?? before.auto_advance;
  const invoice: Stripe.Invoice = {
    ...before,
    auto_advance: advances,
    default_payment_method: method === undefined ? before.default_payment_method : method,
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
    next_payment_attempt: nextAttempt(context, before, params),
  };
  planAttempt(context, before, invoice);
  saveAndTell(context, "invoice", invoice, before, "invoice.updated");
  return invoice;
}

function updateDraft(context: Context, before: Stripe.Invoice, params: Params): Stripe.Invoice {
  const method = params.collection_method ?? before.collection_method;
  if (params.days_until_due !== undefined || params.due_date !== undefined || before.due_date === null) {
    checkDueDate(params, method);
  }
  checkFinalizationTime(context, params);
  const discounts = params.discounts && discountsOf(context, before, params.discounts);
  const rates =
    params.default_tax_rates && readTaxRates(context, params.default_tax_rates, "default_tax_rates");
  const invoice = changeDraft(context, before, ({ invoice: draft, terms }) => ({
    invoice: {
      ...draft,
      ...withoutUndefined({
        collection_method: params.collection_method,
        custom_fields: params.custom_fields,
        default_payment_method: params.default_payment_method,
        default_tax_rates: rates,
        description: params.description,
        discounts,
        effective_at: params.effective_at,
        footer: params.footer,
        number: params.number,
        statement_descriptor: params.statement_descriptor,
      }),
      ...(params.automatic_tax ? { automatic_tax: automaticTax(params.automatic_tax.enabled) } : {}),
      ...advancement(draft, params, method),
      due_date: dueDate(draft, params, method),
      metadata: mergeMetadata(draft.metadata ?? {}, params.metadata),
    },
    terms,
  }));
  planFinalization(context, invoice);
  return invoice;
}

/** Whether and when the draft is finalized by itself. */
function advancement(draft: Stripe.Invoice, params: Params, method: Stripe.Invoice.CollectionMethod) {
  const advances =
    params.auto_advance ?? (params.automatically_finalizes_at === undefined ? draft.auto_advance : true);
  const at = advances
    ? (params.automatically_finalizes_at ?? draft.automatically_finalizes_at ?? draft.created + DRAFT_SECONDS)
    : null;
  return {
    auto_advance: advances,
    automatically_finalizes_at: at,
    next_payment_attempt: method === "charge_automatically" ? at : null,
  };
}

function planFinalization(context: Context, { id, automatically_finalizes_at: at }: Stripe.Invoice): void {
  if (at === null) forgetDue(context.store, id, "finalize_invoice");
  else planDue(context.store, { at, kind: "finalize_invoice", objectId: id });
}

function dueDate(draft: Stripe.Invoice, params: Params, method: Stripe.Invoice.CollectionMethod) {
  if (method !== "send_invoice") return null;
  if (params.due_date !== undefined) return params.due_date;
  if (params.days_until_due !== undefined) return draft.created + params.days_until_due * DAY_SECONDS;
  return draft.due_date;
}

function discountsOf(
  context: Context,
  before: Stripe.Invoice,
  params: NonNullable<Params["discounts"]>,
): string[] {
  const customer = before.customer === null ? null : idOf(before.customer);
  const reference = before.parent?.subscription_details?.subscription;
  const subscription = reference ? findObject(context.store, "subscription", idOf(reference)) : null;
  const inherited = (subscription?.discounts ?? []).map(idOf);
  return applyDiscountParams(context, params, {
    customer,
    currency: before.currency,
    invoice: before.id,
    amount: before.subtotal,
    // A subscription's discount goes on when its invoice is to do without it.
    current: before.discounts.map(idOf).filter((id) => !inherited.includes(id)),
    inherited,
  });
}

/** An open invoice that is to advance again is tried within the hour. */
function nextAttempt(context: Context, before: Stripe.Invoice, params: Params): number | null {
  if (params.auto_advance === undefined || params.auto_advance === before.auto_advance) {
    return before.next_payment_attempt;
  }
  const isCharged = before.collection_method === "charge_automatically";
  return params.auto_advance && isCharged ? context.now + DRAFT_SECONDS : null;
}

function planAttempt(context: Context, before: Stripe.Invoice, invoice: Stripe.Invoice): void {
  const at = invoice.next_payment_attempt;
  if (at === before.next_payment_attempt) return;
  if (at === null) forgetDue(context.store, invoice.id, "retry_payment");
  else planDue(context.store, { at, kind: "retry_payment", objectId: invoice.id });
}

/** Only what was given; null clears. */
function withoutUndefined<T extends Record<string, unknown>>(fields: T) {
  // Entries are dropped by value alone, so what is left has its own type.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
