import type { Context } from "@/local/stripe/context";
import { customerFilter } from "@/local/stripe/customers/customer-filter";
import { listPage, pageOfArray, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { flag, type ParamsOf } from "@/local/stripe/http/params";
import {
  addLinesParams,
  lineParams,
  removeLinesParams,
  updateLinesParams,
} from "@/local/stripe/invoiceitems/item-params";
import { getByPath, idOf } from "@/local/stripe/references";
import { fieldEquals, fieldInRange, type ListFilter, ofCustomer } from "@/local/stripe/store/list-objects";
import { findObject } from "@/local/stripe/store/store";
import {
  deleteDraft,
  finalizeByHand,
  markUncollectibleByHand,
  sendByHand,
  voidByHand,
} from "./advance-by-hand";
import { createInvoice } from "./create-invoice";
import { createPreview, previewParams } from "./create-preview";
import { addLines, removeLines, updateLine, updateLines } from "./edit-lines";
import { invoiceCreateParams, invoiceListParams, invoiceUpdateParams } from "./invoice-params";
import { payInvoiceByHand, payParams } from "./pay-invoice-by-hand";
import { updateInvoice } from "./update-invoice";

/** https://docs.stripe.com/api/invoices */
export const invoiceOperations = [
  operation({
    method: "POST",
    path: "/v1/invoices",
    params: invoiceCreateParams,
    run: (context, params) => createInvoice(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/invoices",
    params: invoiceListParams,
    run: (context, params) =>
      listPage(context, "/v1/invoices", "invoice", params, filtersOf(context, params)),
  }),
  operation({
    method: "POST",
    path: "/v1/invoices/create_preview",
    params: previewParams,
    run: (context, params) => createPreview(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/invoices/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "invoice", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/invoices/:id",
    params: invoiceUpdateParams,
    run: (context, params, path) => updateInvoice(context, path.id, params),
  }),
  operation({
    method: "DELETE",
    path: "/v1/invoices/:id",
    params: {},
    run: (context, _params, path) => deleteDraft(context, path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/invoices/:id/finalize",
    params: { auto_advance: flag() },
    run: (context, params, path) => finalizeByHand(context, path.id, params.auto_advance),
  }),
  operation({
    method: "POST",
    path: "/v1/invoices/:id/pay",
    params: payParams,
    run: (context, params, path) => payInvoiceByHand(context, path.id, params),
  }),
  operation({
    method: "POST",
    path: "/v1/invoices/:id/send",
    params: {},
    run: (context, _params, path) => sendByHand(context, path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/invoices/:id/void",
    params: {},
    run: (context, _params, path) => voidByHand(context, path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/invoices/:id/mark_uncollectible",
    params: {},
    run: (context, _params, path) => markUncollectibleByHand(context, path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/invoices/:id/add_lines",
    params: addLinesParams,
    run: (context, params, path) => addLines(context, path.id, params),
  }),
  operation({
    method: "POST",
    path: "/v1/invoices/:id/update_lines",
    params: updateLinesParams,
    run: (context, params, path) => updateLines(context, path.id, params),
  }),
  operation({
    method: "POST",
    path: "/v1/invoices/:id/remove_lines",
    params: removeLinesParams,
    run: (context, params, path) => removeLines(context, path.id, params),
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
    method: "POST",
    path: "/v1/invoices/:id/lines/:line",
    params: lineParams,
    run: (context, params, path) => updateLine(context, path.id, path.line, params),
  }),
];

function filtersOf(context: Context, params: ParamsOf<typeof invoiceListParams>): ListFilter[] {
  return [
    ...customerFilter(context, params.customer),
    ...subscriptionFilter(context, params.subscription),
    ...(params.status === undefined ? [] : [fieldEquals("$.status", params.status)]),
    ...(params.collection_method === undefined
      ? []
      : [fieldEquals("$.collection_method", params.collection_method)]),
    ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
    ...(params.due_date === undefined ? [] : fieldInRange("$.due_date", params.due_date)),
  ];
}

/** A subscription's invoices are its customer's, which is what the store can find quickly. */
function subscriptionFilter(context: Context, id: string | undefined): ListFilter[] {
  if (id === undefined) return [];
  const subscription = findObject(context.store, "subscription", id);
  return [
    ...(subscription ? [ofCustomer(idOf(subscription.customer))] : []),
    fieldEquals("$.parent.subscription_details.subscription", id),
  ];
}
