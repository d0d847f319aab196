import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { recordBalanceChange } from "@/local/stripe/customer-balance/change-balance";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { listPage } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import type { ParamsOf } from "@/local/stripe/http/params";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { refreshDrafts } from "@/local/stripe/invoices/refresh-drafts";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getAttachedPaymentMethod } from "@/local/stripe/payment-methods/attach-payment-method";
import { getByPath } from "@/local/stripe/references";
import { fieldEquals, fieldInRange } from "@/local/stripe/store/list-objects";
import { deleteObject, isDeleted, saveHidden } from "@/local/stripe/store/store";
import { cancelSubscription } from "@/local/stripe/subscriptions/cancel-subscription";
import { listLiveSubscriptions } from "@/local/stripe/subscriptions/list-live-subscriptions";
import { checkTaxLocation } from "@/local/stripe/tax/customer-tax";
import { testClockFilter } from "@/local/stripe/test-clocks/of-test-clock";
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
        ...testClockFilter(context, params.test_clock),
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
  operation({
    method: "DELETE",
    path: "/v1/customers/:id/discount",
    params: {},
    run: (context, _params, path) => removeCustomerDiscount(context, path.id),
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
  const { metadata, address, shipping, invoice_settings: invoiceSettings, tax, ...fields } = params;
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
  if (tax?.ip_address !== undefined) {
    saveHidden(context.store, "customer", id, { ipAddress: tax.ip_address });
  }
  if (tax?.validate_location === "immediately") checkTaxLocation(context, customer);
  saveAndTell(context, "customer", customer, before, "customer.updated");
  if (customer.balance !== before.balance) {
    const amount = customer.balance - before.balance;
    const currency = customer.currency ?? "usd";
    recordBalanceChange(context, { customer: id, amount, currency, type: "adjustment" }, customer.balance);
  }
  refreshDrafts(context, id);
  return customer;
}

/**
 * Since `2025-03-31.basil` no call gives a customer a discount, so there is never one to take away.
 * https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-singular-coupon-promotion-code
 */
function removeCustomerDiscount(context: Context, id: string): never {
  const customer = getByPath(context, "customer", id);
  throw new StripeApiError(404, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No active discount for customer: ${customer.id}`,
  });
}

/** Deleting a customer ends its subscriptions at once. https://docs.stripe.com/api/customers/delete */
export function removeCustomer(context: Context, id: string): Stripe.DeletedCustomer {
  const customer = getByPath(context, "customer", id);
  for (const subscription of listLiveSubscriptions(context, id))
    cancelSubscription(context, subscription, {});
  deleteObject(context.store, id);
  emitEvent(context, "customer.deleted", customer);
  return { id, object: "customer", deleted: true };
}
