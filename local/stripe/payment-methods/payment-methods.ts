import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { customerFilter } from "@/local/stripe/customers/customer-filter";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { type ParamsOf, required, text } from "@/local/stripe/http/params";
import { invalidRequest, resourceMissing } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByParam, getByPath } from "@/local/stripe/references";
import { fieldEquals, type ListFilter } from "@/local/stripe/store/list-objects";
import { attachPaymentMethod } from "./attach-payment-method";
import { createMethodFromParams } from "./create-from-params";
import { fullBillingDetails } from "./create-payment-method";
import { detachPaymentMethod } from "./detach-payment-method";
import {
  allowRedisplayParam,
  methodCreateParams,
  methodListParams,
  methodUpdateParams,
} from "./payment-method-params";
import { resolvePaymentMethod } from "./resolve-payment-method";

/** https://docs.stripe.com/api/payment_methods */
export const paymentMethodOperations = [
  operation({
    method: "POST",
    path: "/v1/payment_methods",
    allowsPublishableKey: true,
    params: methodCreateParams,
    run: (context, params) => createMethodFromParams(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/payment_methods",
    params: methodListParams,
    run: (context, params) => {
      // Without a customer Stripe lists the methods attached to any.
      const filters = params.customer === undefined ? [{ sql: "customer is not null", values: [] }] : [];
      return listMethods(context, "/v1/payment_methods", params, params.customer, filters);
    },
  }),
  operation({
    method: "GET",
    path: "/v1/customers/:customer/payment_methods",
    params: { ...paginationParams, allow_redisplay: allowRedisplayParam, type: text() },
    run: (context, params, path) => {
      getByPath(context, "customer", path.customer);
      return listMethods(
        context,
        `/v1/customers/${path.customer}/payment_methods`,
        params,
        path.customer,
        [],
      );
    },
  }),
  operation({
    method: "GET",
    path: "/v1/customers/:customer/payment_methods/:id",
    params: {},
    run: (context, _params, path) => {
      const method = getByPath(context, "payment_method", path.id);
      if (method.customer === path.customer) return method;
      throw resourceMissing("PaymentMethod", path.id, "payment_method", 404);
    },
  }),
  operation({
    method: "GET",
    path: "/v1/payment_methods/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "payment_method", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/payment_methods/:id",
    params: methodUpdateParams,
    run: (context, params, path) => updatePaymentMethod(context, path.id, params),
  }),
  operation({
    method: "POST",
    path: "/v1/payment_methods/:id/attach",
    params: { customer: required(text()) },
    run: (context, params, path) => {
      const customer = getByParam(context, "customer", params.customer, "customer");
      return attachPaymentMethod(context, resolvePaymentMethod(context, path.id), customer.id);
    },
  }),
  operation({
    method: "POST",
    path: "/v1/payment_methods/:id/detach",
    params: {},
    run: (context, _params, path) => detachPaymentMethod(context, path.id),
  }),
];

function listMethods(
  context: Context,
  url: string,
  params: Omit<ParamsOf<typeof methodListParams>, "customer">,
  customer: string | undefined,
  extra: ListFilter[],
): object {
  return listPage(context, url, "payment_method", params, [
    ...extra,
    ...customerFilter(context, customer),
    ...(params.type === undefined ? [] : [fieldEquals("$.type", params.type)]),
    ...(params.allow_redisplay === undefined
      ? []
      : [fieldEquals("$.allow_redisplay", params.allow_redisplay)]),
  ]);
}

function updatePaymentMethod(
  context: Context,
  id: string,
  params: ParamsOf<typeof methodUpdateParams>,
): Stripe.PaymentMethod {
  const before = getByPath(context, "payment_method", id);
  if (before.customer === null) {
    throw invalidRequest("You must save this PaymentMethod to a customer before you can update it.");
  }
  const method: Stripe.PaymentMethod = {
    ...before,
    allow_redisplay: params.allow_redisplay ?? before.allow_redisplay,
    billing_details: fullBillingDetails({ ...before.billing_details, ...params.billing_details }),
    ...(before.card ? { card: { ...before.card, ...params.card } } : {}),
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
  };
  saveAndTell(context, "payment_method", method, before, "payment_method.updated");
  return method;
}
