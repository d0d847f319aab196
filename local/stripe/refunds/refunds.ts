import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { type MetadataChange, metadata, text, timeRange } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByParam, getByPath } from "@/local/stripe/references";
import { fieldEquals, fieldInRange } from "@/local/stripe/store/list-objects";
import { refundByRequest, refundCreateParams } from "./refund-by-request";
import { tellRefund } from "./settle-refund";

const listParams = { ...paginationParams, charge: text(), created: timeRange(), payment_intent: text() };

/** https://docs.stripe.com/api/refunds */
export const refundOperations = [
  operation({
    method: "POST",
    path: "/v1/refunds",
    params: refundCreateParams,
    run: (context, params) => refundByRequest(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/refunds",
    params: listParams,
    run: (context, params) => {
      if (params.charge !== undefined) getByParam(context, "charge", params.charge, "charge");
      if (params.payment_intent !== undefined) {
        getByParam(context, "payment_intent", params.payment_intent, "payment_intent");
      }
      return listPage(context, "/v1/refunds", "refund", params, [
        ...(params.charge === undefined ? [] : [fieldEquals("$.charge", params.charge)]),
        ...(params.payment_intent === undefined
          ? []
          : [fieldEquals("$.payment_intent", params.payment_intent)]),
        ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
      ]);
    },
  }),
  operation({
    method: "GET",
    path: "/v1/refunds/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "refund", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/refunds/:id",
    params: { metadata: metadata() },
    run: (context, params, path) => updateRefund(context, path.id, params.metadata),
  }),
  operation({
    method: "POST",
    path: "/v1/refunds/:id/cancel",
    params: {},
    run: (context, _params, path) => {
      const refund = getByPath(context, "refund", path.id);
      // Only refunds that wait for the customer can be canceled, and a card's never do.
      throw invalidRequest(
        `This refund cannot be canceled because it has a status of ${refund.status}. Only refunds with a status of ` +
          "requires_action may be canceled.",
      );
    },
  }),
];

function updateRefund(context: Context, id: string, change: MetadataChange | undefined): Stripe.Refund {
  const before = getByPath(context, "refund", id);
  const refund: Stripe.Refund = { ...before, metadata: mergeMetadata(before.metadata ?? {}, change) };
  tellRefund(context, refund, before);
  return refund;
}
