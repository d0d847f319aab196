import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { newId } from "@/local/stripe/ids";
import { createPaymentIntent } from "@/local/stripe/payment-intents/create-payment-intent";
import { getByParam, idOf } from "@/local/stripe/references";
import { insertObject, saveObject } from "@/local/stripe/store/store";
import { forgetDue } from "@/local/stripe/time/due";
import { markInvoicePaid } from "./mark-invoice-paid";

/**
 * Numbers and opens a draft. With money due it gets its payment intent; with nothing due it is paid at
 * once. https://docs.stripe.com/invoicing/integration/workflow-transitions
 */
export function finalizeInvoice(context: Context, draft: Stripe.Invoice): Stripe.Invoice {
  if (draft.customer === null) throw new Error(`The invoice ${draft.id} has no customer.`);
  const customer = getByParam(context, "customer", idOf(draft.customer), "customer");
  const invoice: Stripe.Invoice = {
    ...draft,
    automatically_finalizes_at: null,
    effective_at: context.now,
    ending_balance: 0,
    number: `${customer.invoice_prefix}-${String(customer.next_invoice_sequence ?? 1).padStart(4, "0")}`,
    status: "open",
    status_transitions: { ...draft.status_transitions, finalized_at: context.now },
  };
  saveObject(context.store, "invoice", invoice);
  forgetDue(context.store, invoice.id, "finalize_invoice");
  const next = (customer.next_invoice_sequence ?? 1) + 1;
  saveObject(context.store, "customer", { ...customer, next_invoice_sequence: next });
  emitEvent(context, "invoice.finalized", invoice);
  if (invoice.amount_due === 0) return markInvoicePaid(context, invoice);
  openPayment(context, invoice, customer.id);
  return invoice;
}

function openPayment(context: Context, invoice: Stripe.Invoice, customer: string): void {
  const intent = createPaymentIntent(context, {
    amount: invoice.amount_due,
    currency: invoice.currency,
    customer,
    description:
      invoice.billing_reason === "subscription_create" ? "Subscription creation" : "Payment for Invoice",
    metadata: {},
    receiptEmail: null,
    setupFutureUsage: "off_session",
    statementDescriptor: null,
  });
  const payment: Stripe.InvoicePayment = {
    id: newId("inpay"),
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: context.now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent.id, type: "payment_intent" },
    status: "open",
    status_transitions: { canceled_at: null, paid_at: null },
  };
  insertObject(context.store, "invoice_payment", payment, {});
}
