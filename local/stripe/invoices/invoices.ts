import type { Context } from "@/local/stripe/context";
import { customerFilter } from "@/local/stripe/customers/customer-filter";
import { listPage, pageOfArray, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { oneOf, type ParamsOf, text, timeRange } from "@/local/stripe/http/params";
import { refusedParams } from "@/local/stripe/http/unserved-params";
import { getByPath } from "@/local/stripe/references";
import { fieldEquals, fieldInRange, type ListFilter } from "@/local/stripe/store/list-objects";
import { payInvoiceByHand, payParams } from "./pay-invoice-by-hand";

const listParams = {
  ...paginationParams,
  collection_method: oneOf("charge_automatically", "send_invoice"),
  created: timeRange(),
  customer: text(),
  status: oneOf("draft", "open", "paid", "uncollectible", "void"),
  subscription: text(),
  ...refusedParams("customer_account", "due_date"),
};

const paymentListParams = {
  ...paginationParams,
  created: timeRange(),
  invoice: text(),
  status: oneOf("canceled", "open", "paid"),
  ...refusedParams("payment"),
};

/** https://docs.stripe.com/api/invoices and https://docs.stripe.com/api/invoice-payment */
export const invoiceOperations = [
  operation({
    method: "GET",
    path: "/v1/invoices",
    params: listParams,
    run: (context, params) =>
      listPage(context, "/v1/invoices", "invoice", params, filtersOf(context, params)),
  }),
  operation({
    method: "GET",
    path: "/v1/invoices/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "invoice", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/invoices/:id/pay",
    params: payParams,
    run: (context, params, path) => payInvoiceByHand(context, path.id, params),
  }),
  operation({
    method: "GET",
    path: "/v1/invoices/:id/lines",
    params: paginationParams,
    run: (context, params, path) => {
      const invoice = getByPath(context, "invoice", path.id);
      return pageOfArray(`/v1/invoices/${path.id}/lines`, invoice.lines.data, params);
    },
  }),
  operation({
    method: "GET",
    path: "/v1/invoice_payments",
    params: paymentListParams,
    run: (context, params) =>
      listPage(context, "/v1/invoice_payments", "invoice_payment", params, [
        ...(params.invoice === undefined ? [] : [fieldEquals("$.invoice", params.invoice)]),
        ...(params.status === undefined ? [] : [fieldEquals("$.status", params.status)]),
        ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
      ]),
  }),
  operation({
    method: "GET",
    path: "/v1/invoice_payments/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "invoice_payment", path.id),
  }),
];

function filtersOf(context: Context, params: ParamsOf<typeof listParams>): ListFilter[] {
  return [
    ...customerFilter(context, params.customer),
    ...(params.status === undefined ? [] : [fieldEquals("$.status", params.status)]),
    ...(params.collection_method === undefined
      ? []
      : [fieldEquals("$.collection_method", params.collection_method)]),
    ...(params.subscription === undefined
      ? []
      : [fieldEquals("$.parent.subscription_details.subscription", params.subscription)]),
    ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
  ];
}
