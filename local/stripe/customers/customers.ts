import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { listPage } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import type { ParamsOf } from "@/local/stripe/http/params";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getAttachedPaymentMethod } from "@/local/stripe/payment-methods/attach-payment-method";
import { getByPath } from "@/local/stripe/references";
import { fieldEquals, fieldInRange } from "@/local/stripe/store/list-objects";
import { deleteObject, isDeleted } from "@/local/stripe/store/store";
import { cancelSubscription } from "@/local/stripe/subscriptions/cancel-subscription";
import { listLiveSubscriptions } from "@/local/stripe/subscriptions/list-live-subscriptions";
import {
  checkEmail,
  createCustomer,
  DEFAULT_METHOD_PARAM,
  fullAddress,
  fullShipping,
} from "./create-customer";
import { customerCreateParams, customerListParams, customerUpdateParams } from "./customer-params";

/** https://docs.stripe.com/api/customers */
export const customerOperations = [
  operation({
    method: "POST",
    path: "/v1/customers",
    params: customerCreateParams,
    run: (context, params) => createCustomer(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/customers",
    params: customerListParams,
    run: (context, params) =>
      listPage(context, "/v1/customers", "customer", params, [
        ...(params.email === undefined ? [] : [fieldEquals("$.email", params.email)]),
        ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
      ]),
  }),
  operation({
    method: "GET",
    path: "/v1/customers/:id",
    params: {},
    run: (context, _params, path) => retrieveCustomer(context, path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/customers/:id",
    params: customerUpdateParams,
    run: (context, params, path) => updateCustomer(context, path.id, params),
  }),
  operation({
    method: "DELETE",
    path: "/v1/customers/:id",
    params: {},
    run: (context, _params, path) => removeCustomer(context, path.id),
  }),
];

/** A deleted customer can still be retrieved, as a stub. https://docs.stripe.com/api/customers/retrieve */
function retrieveCustomer(context: Context, id: string): Stripe.Customer | Stripe.DeletedCustomer {
  if (isDeleted(context.store, "customer", id)) return { id, object: "customer", deleted: true };
  return getByPath(context, "customer", id);
}

function updateCustomer(
  context: Context,
  id: string,
  params: ParamsOf<typeof customerUpdateParams>,
): Stripe.Customer {
  const before = getByPath(context, "customer", id);
  const { metadata, address, shipping, invoice_settings: invoiceSettings, ...fields } = params;
  const { business_name: businessName, individual_name: individualName, ...plainFields } = fields;
  checkEmail(fields.email);
  const customer: Stripe.Customer = {
    ...before,
    ...plainFields,
    ...(businessName === undefined ? {} : { business_name: businessName ?? undefined }),
    ...(individualName === undefined ? {} : { individual_name: individualName ?? undefined }),
    ...(address === undefined ? {} : { address: address && fullAddress({ ...before.address, ...address }) }),
    ...(shipping === undefined ? {} : { shipping: shipping && fullShipping(shipping) }),
    invoice_settings: { ...before.invoice_settings, ...invoiceSettings },
    metadata: mergeMetadata(before.metadata, metadata),
  };
  const method = invoiceSettings?.default_payment_method;
  if (method) getAttachedPaymentMethod(context, method, id, DEFAULT_METHOD_PARAM);
  saveAndTell(context, "customer", customer, before, "customer.updated");
  return customer;
}

/** Deleting a customer ends its subscriptions at once. https://docs.stripe.com/api/customers/delete */
function removeCustomer(context: Context, id: string): Stripe.DeletedCustomer {
  const customer = getByPath(context, "customer", id);
  for (const subscription of listLiveSubscriptions(context, id))
    cancelSubscription(context, subscription, {});
  deleteObject(context.store, id);
  emitEvent(context, "customer.deleted", customer);
  return { id, object: "customer", deleted: true };
}
