import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { flag, text } from "@/local/stripe/http/params";
import { invalidRequest, StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { cardDeclined, getAttachedPaymentMethod } from "@/local/stripe/payment-methods/attach-payment-method";
import { getByPath, idOf } from "@/local/stripe/references";
import { closePayment } from "./close-payment";
import { findMethodToCharge } from "./collect-invoice";
import { finalizeInvoice } from "./finalize-invoice";
import { findInvoicePayment } from "./invoice-payment";
import { markInvoicePaid } from "./mark-invoice-paid";
import { isBeingPaid, payInvoice } from "./pay-invoice";

export const payParams = {
  // Only matters to sources that were funded with too little, which a card is not.
  forgive: flag(),
  off_session: flag(),
  paid_out_of_band: flag(),
  payment_method: text(),
};

/**
 * Tries to pay an invoice outside of its schedule; a draft is finalized first. A decline is answered as an error
 * and stands all the same. https://docs.stripe.com/api/invoices/pay
 */
export function payInvoiceByHand(
  context: Context,
  id: string,
  params: ParamsOf<typeof payParams>,
): Stripe.Invoice | StripeApiError {
  const before = getByPath(context, "invoice", id);
  if (before.status === "paid") throw invalidRequest("Invoice is already paid");
  if (before.status === "void" || before.customer === null) {
    throw invalidRequest(`The invoice ${id} is ${before.status} and can no longer be paid.`);
  }
  if (params.paid_out_of_band) return payOutOfBand(context, before);
  const method =
    params.payment_method === undefined
      ? findMethodToCharge(context, before)
      : getAttachedPaymentMethod(context, params.payment_method, idOf(before.customer), "payment_method");
  const invoice = before.status === "draft" ? finalizeInvoice(context, before) : before;
  if (invoice.status === "paid") return invoice;
  if (!method) {
    throw invalidRequest(
      "There is no `default_payment_method` set on this Customer or Invoice. Please set either an applicable " +
        "`default_payment_method` on the Customer or Invoice.",
    );
  }
  const attempted = payInvoice(context, invoice, method, {
    isScheduled: false,
    isOffSession: params.off_session ?? true,
  });
  return attempted.status === "paid" || isBeingPaid(context, attempted)
    ? attempted
    : refusalOf(context, attempted, method);
}

/** Somebody paid in another way: nobody is charged, and the payment intent is canceled. */
function payOutOfBand(context: Context, before: Stripe.Invoice): Stripe.Invoice {
  const invoice = before.status === "draft" ? finalizeInvoice(context, before) : before;
  if (invoice.status === "paid") return invoice;
  closePayment(context, invoice, "automatic");
  return markInvoicePaid(context, invoice, invoice, false);
}

function refusalOf(context: Context, invoice: Stripe.Invoice, method: Stripe.PaymentMethod): StripeApiError {
  const intentId = findInvoicePayment(context, invoice.id)?.payment.payment_intent;
  const intent = intentId ? getByPath(context, "payment_intent", idOf(intentId)) : null;
  if (intent?.status === "requires_action") return requiresAction(intent);
  const error = intent?.last_payment_error;
  if (!error) throw new Error(`The invoice ${invoice.id} failed without a reason.`);
  return cardDeclined(
    {
      code: error.code ?? "card_declined",
      declineCode: error.decline_code ?? "generic_decline",
      message: error.message ?? "Your card was declined.",
    },
    { ...(error.charge ? { charge: error.charge } : {}), payment_method: method },
  );
}

/** https://docs.stripe.com/error-codes#invoice-payment-intent-requires-action */
function requiresAction(intent: Stripe.PaymentIntent): StripeApiError {
  return new StripeApiError(402, {
    type: "card_error",
    code: "invoice_payment_intent_requires_action",
    message:
      "This payment requires additional user action before it can be completed successfully. Payment can be completed " +
      "using the PaymentIntent associated with the invoice.",
    payment_intent: intent,
  });
}
