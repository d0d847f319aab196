import type { Context } from "@/local/stripe/context";
import { listPage } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import type { ParamsOf } from "@/local/stripe/http/params";
import { getByPath } from "@/local/stripe/references";
import { fieldEquals, fieldInRange, type ListFilter } from "@/local/stripe/store/list-objects";
import { invoicePaymentListParams } from "./invoice-params";
import { paymentIdOf } from "./invoice-payment";

/** https://docs.stripe.com/api/invoice-payment */
export const invoicePaymentOperations = [
  operation({
    method: "GET",
    path: "/v1/invoice_payments",
    params: invoicePaymentListParams,
    run: (context, params) =>
      listPage(context, "/v1/invoice_payments", "invoice_payment", params, filtersOf(context, params)),
  }),
  operation({
    method: "GET",
    path: "/v1/invoice_payments/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "invoice_payment", path.id),
  }),
];

function filtersOf(_context: Context, params: ParamsOf<typeof invoicePaymentListParams>): ListFilter[] {
  const { payment } = params;
  return [
    ...(params.invoice === undefined ? [] : [{ sql: "id = ?", values: [paymentIdOf(params.invoice)] }]),
    ...(payment === undefined ? [] : [fieldEquals("$.payment.type", payment.type)]),
    ...(payment?.payment_intent === undefined
      ? []
      : [fieldEquals("$.payment.payment_intent", payment.payment_intent)]),
    ...(params.status === undefined ? [] : [fieldEquals("$.status", params.status)]),
    ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
  ];
}
