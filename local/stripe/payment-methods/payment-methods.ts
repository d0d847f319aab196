import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { customerFilter } from "@/local/stripe/customers/customer-filter";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { type ParamsOf, required, text } from "@/local/stripe/http/params";
import { invalidRequest, notSimulated, parameterMissing } from "@/local/stripe/http/stripe-api-error";
import { refusedParams } from "@/local/stripe/http/unserved-params";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByParam, getByPath } from "@/local/stripe/references";
import { fieldEquals, type ListFilter } from "@/local/stripe/store/list-objects";
import { attachPaymentMethod } from "./attach-payment-method";
import { createCardPaymentMethod, fullBillingDetails } from "./create-payment-method";
import { detachPaymentMethod } from "./detach-payment-method";
import {
  allowRedisplayParam,
  methodCreateParams,
  methodListParams,
  methodUpdateParams,
} from "./payment-method-params";
import { resolvePaymentMethod } from "./resolve-payment-method";
import { findTestCardByAlias, sharedCardExpiry } from "./test-cards";

/** https://docs.stripe.com/api/payment_methods */
export const paymentMethodOperations = [
  operation({
    method: "POST",
    path: "/v1/payment_methods",
    allowsPublishableKey: true,
    params: methodCreateParams,
    run: createPaymentMethod,
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
      return method.customer === path.customer ? method : getByPath(context, "payment_method", "");
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
    params: { customer: required(text()), ...refusedParams("customer_account") },
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

function createPaymentMethod(
  context: Context,
  params: ParamsOf<typeof methodCreateParams>,
): Stripe.PaymentMethod {
  if (params.type === undefined) throw parameterMissing("type");
  if (params.type !== "card") throw notSimulated(`the payment method type '${params.type}'`, "type");
  const { card } = params;
  if (!card) throw parameterMissing("card");
  const details = { billing: params.billing_details, metadata: params.metadata };
  if (card.token !== undefined) {
    const testCard = findTestCardByAlias(card.token);
    if (!testCard)
      throw invalidRequest(`No such token: '${card.token}'`, {
        code: "resource_missing",
        param: "card[token]",
      });
    return createCardPaymentMethod(
      context,
      { number: testCard.number, ...sharedCardExpiry(context.now) },
      details,
    );
  }
  if (card.number === undefined) throw parameterMissing("card[number]");
  if (card.exp_month === undefined) throw parameterMissing("card[exp_month]");
  if (card.exp_year === undefined) throw parameterMissing("card[exp_year]");
  const { number, exp_month, exp_year, cvc } = card;
  return createCardPaymentMethod(context, { number, exp_month, exp_year, cvc }, details);
}

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
    card: before.card && { ...before.card, ...params.card },
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
  };
  saveAndTell(context, "payment_method", method, before, "payment_method.updated");
  return method;
}
