import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { flag, text } from "@/local/stripe/http/params";
import { invalidRequest, type StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { offOnly, refusedParams } from "@/local/stripe/http/unserved-params";
import { cardDeclined, getAttachedPaymentMethod } from "@/local/stripe/payment-methods/attach-payment-method";
import { getByPath, idOf } from "@/local/stripe/references";
import { findMethodToCharge } from "./collect-invoice";
import { finalizeInvoice } from "./finalize-invoice";
import { findInvoicePayment } from "./invoice-payment";
import { payInvoice } from "./pay-invoice";

export const payParams = {
  off_session: flag(),
  paid_out_of_band: offOnly("paying an invoice outside of Stripe"),
  payment_method: text(),
  ...refusedParams("forgive", "mandate", "source"),
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
  const attempted = payInvoice(context, invoice, method, false);
  return attempted.status === "paid" ? attempted : declineOf(context, attempted, method);
}

function declineOf(context: Context, invoice: Stripe.Invoice, method: Stripe.PaymentMethod): StripeApiError {
  const intentId = findInvoicePayment(context, invoice.id)?.payment.payment_intent;
  const error = intentId && getByPath(context, "payment_intent", idOf(intentId)).last_payment_error;
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
