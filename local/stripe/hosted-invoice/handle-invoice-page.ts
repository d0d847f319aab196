import type Stripe from "stripe";
import { ACCOUNT_NAME } from "@/local/stripe/account/account-name";
import type { Context } from "@/local/stripe/context";
import { listCreditNotes } from "@/local/stripe/credit-notes/list-credit-notes";
import { type FieldErrors, readCardForm } from "@/local/stripe/hosted-checkout/read-card-form";
import { renderNoticePage } from "@/local/stripe/hosted-checkout/render-notice-page";
import { receiptPath } from "@/local/stripe/hosted-receipt/handle-receipt-page";
import { type Answer, htmlAnswer, pdfAnswer, seeOther } from "@/local/stripe/http/answer";
import type { ApiServer } from "@/local/stripe/http/handle-api-request";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { findPayingCharge } from "@/local/stripe/invoices/find-paying-charge";
import { findInvoicePayment } from "@/local/stripe/invoices/invoice-payment";
import { isBeingPaid, payInvoice } from "@/local/stripe/invoices/pay-invoice";
import { attachPaymentMethod } from "@/local/stripe/payment-methods/attach-payment-method";
import { cardName } from "@/local/stripe/payment-methods/card-name";
import { createCardPaymentMethod } from "@/local/stripe/payment-methods/create-payment-method";
import { getByPath, idOf } from "@/local/stripe/references";
import { fieldEquals, listAllObjects, ofCustomer } from "@/local/stripe/store/list-objects";
import { findObject, inTransaction } from "@/local/stripe/store/store";
import { businessTimeOf } from "@/local/stripe/time/business-time";
import { invoiceSums } from "./invoice-sums";
import { renderInvoicePage } from "./render-invoice-page";

type PageRequest = { method: string; url: URL; body: string };

/** Serves `/invoices/<id>/hosted`, where an open invoice can be paid, and `/invoices/<id>/pdf`. */
export async function handleInvoicePage(server: ApiServer, request: PageRequest): Promise<Answer> {
  const [, , id = "", view] = request.url.pathname.split("/");
  const invoice = findObject(server.store, "invoice", id);
  // A draft is nobody's to see. https://docs.stripe.com/api/invoices/object#invoice_object-hosted_invoice_url
  if (!invoice || invoice.status === "draft") return unknownInvoice();
  if (view === "pdf") {
    // Loaded when first asked for: reading fonts takes longer than the whole server takes to start.
    const { renderInvoicePdf } = await import("./render-invoice-pdf");
    return pdfAnswer(
      await renderInvoicePdf(server.store, invoice, listCreditNotes(server.store, invoice)),
      `${invoice.number ?? invoice.id}.pdf`,
    );
  }
  if (view !== "hosted") return unknownInvoice();
  const { now, testClock } = businessTimeOf(server.store, [id]);
  const context: Context = {
    store: server.store,
    now,
    baseUrl: server.baseUrl,
    request: { id: null, idempotencyKey: null },
  };
  // A second click on "Pay" finds the invoice paid, or its debit under way: nothing is charged twice.
  if (request.method !== "POST") return htmlAnswer(200, page(context, invoice, {}));
  if (invoice.status !== "open" || isBeingPaid(context, invoice)) return seeOther(request.url.pathname);
  return submit(context, invoice, new URLSearchParams(request.body), testClock);
}

function submit(
  context: Context,
  invoice: Stripe.Invoice,
  posted: URLSearchParams,
  testClock: string | null,
): Answer {
  const errors: FieldErrors = {};
  const saved = posted.get("saved");
  const card = saved === null ? readCardForm(posted, errors, context.now) : null;
  const name = posted.get("name") ?? "";
  if (Object.keys(errors).length > 0) return htmlAnswer(422, page(context, invoice, { errors, name }));
  try {
    const paid = inTransaction(
      context.store,
      () => {
        const method =
          saved === null ? newMethod(context, invoice, card, name) : ownMethod(context, invoice, saved);
        return payInvoice(context, invoice, method, { isScheduled: false, isOffSession: false });
      },
      testClock,
    );
    return paid.status === "paid" ? seeOther(`/invoices/${invoice.id}/hosted`) : refusal(context, paid, name);
  } catch (error) {
    if (!(error instanceof StripeApiError)) throw error;
    return htmlAnswer(402, page(context, invoice, { name, decline: error.body.message }));
  }
}

/** A card that has to be authenticated leads to its bank's page, any other to the reason. */
function refusal(context: Context, invoice: Stripe.Invoice, name: string): Answer {
  const reference = findInvoicePayment(context, invoice.id)?.payment.payment_intent;
  const intent = reference ? getByPath(context, "payment_intent", idOf(reference)) : null;
  if (intent?.status === "requires_action") return seeOther(`/3ds/${intent.id}`);
  const decline = intent?.last_payment_error?.message ?? "Your card was declined.";
  return htmlAnswer(402, page(context, invoice, { name, decline }));
}

function newMethod(
  context: Context,
  invoice: Stripe.Invoice,
  card: ReturnType<typeof readCardForm>,
  name: string,
): Stripe.PaymentMethod {
  if (!card || invoice.customer === null)
    throw new Error(`The invoice ${invoice.id} cannot be paid by card.`);
  const method = createCardPaymentMethod(context, card, { billing: { name } });
  return attachPaymentMethod(context, method, idOf(invoice.customer));
}

function ownMethod(context: Context, invoice: Stripe.Invoice, id: string): Stripe.PaymentMethod {
  const method = getByPath(context, "payment_method", id);
  const isOwn =
    method.customer !== null && invoice.customer !== null && idOf(method.customer) === idOf(invoice.customer);
  if (isOwn) return method;
  throw new StripeApiError(404, { type: "invalid_request_error", message: "This card is not yours." });
}

function page(
  context: Context,
  invoice: Stripe.Invoice,
  attempt: { errors?: FieldErrors; name?: string; decline?: string },
): string {
  const charge = findPayingCharge(context.store, invoice);
  return renderInvoicePage({
    invoice,
    sums: invoiceSums(context.store, invoice),
    creditNotes: listCreditNotes(context.store, invoice),
    receipt: charge && receiptPath(charge),
    businessName: ACCOUNT_NAME,
    savedCards: invoice.customer === null ? [] : savedCards(context, idOf(invoice.customer)),
    isBeingPaid: isBeingPaid(context, invoice),
    errors: attempt.errors ?? {},
    name: attempt.name ?? "",
    decline: attempt.decline ?? null,
  });
}

function savedCards(context: Context, customer: string): { id: string; label: string }[] {
  const methods = listAllObjects(context.store, "payment_method", [
    ofCustomer(customer),
    fieldEquals("$.type", "card"),
  ]);
  return methods.flatMap(({ id, card }) => (card ? [{ id, label: cardName(card) }] : []));
}

function unknownInvoice(): Answer {
  const message =
    "This link leads to no invoice. It may have been copied in part, or the local Stripe was reset.";
  return htmlAnswer(404, renderNoticePage({ title: "Invoice not found", message, link: null }));
}
