import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { customerFilter } from "@/local/stripe/customers/customer-filter";
import { listPage } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import type { ParamsOf } from "@/local/stripe/http/params";
import { getByPath } from "@/local/stripe/references";
import {
  fieldEquals,
  fieldInRange,
  fieldIsNull,
  type ListFilter,
  not,
} from "@/local/stripe/store/list-objects";
import { addItem } from "./add-item";
import { changeItem } from "./change-item";
import { itemCreateParams, itemListParams, itemUpdateParams } from "./item-params";
import { removeItem } from "./remove-item";

/** https://docs.stripe.com/api/invoiceitems */
export const invoiceItemOperations = [
  operation({
    method: "POST",
    path: "/v1/invoiceitems",
    params: itemCreateParams,
    run: (context, params) => addItem(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/invoiceitems",
    params: itemListParams,
    run: (context, params) =>
      listPage(context, "/v1/invoiceitems", "invoiceitem", params, filtersOf(context, params)),
  }),
  operation({
    method: "GET",
    path: "/v1/invoiceitems/:id",
    params: {},
    run: (context, _params, path): Stripe.InvoiceItem => getByPath(context, "invoiceitem", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/invoiceitems/:id",
    params: itemUpdateParams,
    run: (context, params, path) => changeItem(context, getByPath(context, "invoiceitem", path.id), params),
  }),
  operation({
    method: "DELETE",
    path: "/v1/invoiceitems/:id",
    params: {},
    run: (context, _params, path) => removeItem(context, getByPath(context, "invoiceitem", path.id)),
  }),
];

function filtersOf(context: Context, params: ParamsOf<typeof itemListParams>): ListFilter[] {
  const isPending = fieldIsNull("$.invoice");
  return [
    ...customerFilter(context, params.customer),
    ...(params.invoice === undefined ? [] : [fieldEquals("$.invoice", params.invoice)]),
    ...(params.pending === undefined ? [] : [params.pending ? isPending : not(isPending)]),
    ...(params.created === undefined ? [] : fieldInRange("$.date", params.created)),
  ];
}
