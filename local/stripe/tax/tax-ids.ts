import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { hash, oneOf, type ParamsOf, required, text } from "@/local/stripe/http/params";
import { parameterMissing, resourceMissing } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { getByParam, getByPath } from "@/local/stripe/references";
import { fieldIsNull, type ListFilter, listAllObjects, ofCustomer } from "@/local/stripe/store/list-objects";
import { deleteObject, insertObject } from "@/local/stripe/store/store";
import { forgetDue, planDue } from "@/local/stripe/time/due";
import { checkTaxId, countryOf, isVerified } from "./tax-id-formats";

/** Registers answer after a few seconds. https://docs.stripe.com/billing/customer/tax-ids#validation */
const VERIFICATION_SECONDS = 5;

const ownerParam = hash({ customer: text(), type: required(oneOf("customer", "self")) });
const taxIdParams = { type: required(text()), value: required(text()) };

/** https://docs.stripe.com/api/tax_ids and https://docs.stripe.com/api/customer_tax_ids */
export const taxIdOperations = [
  operation({
    method: "POST",
    path: "/v1/customers/:customer/tax_ids",
    params: taxIdParams,
    run: (context, params, path) =>
      createTaxId(context, getByPath(context, "customer", path.customer).id, params),
  }),
  operation({
    method: "GET",
    path: "/v1/customers/:customer/tax_ids",
    params: paginationParams,
    run: (context, params, path) => {
      const { id } = getByPath(context, "customer", path.customer);
      return listPage(context, `/v1/customers/${id}/tax_ids`, "tax_id", params, [ofCustomer(id)]);
    },
  }),
  operation({
    method: "GET",
    path: "/v1/customers/:customer/tax_ids/:id",
    params: {},
    run: (context, _params, path) => getTaxIdOf(context, path.customer, path.id),
  }),
  operation({
    method: "DELETE",
    path: "/v1/customers/:customer/tax_ids/:id",
    params: {},
    run: (context, _params, path) => removeTaxId(context, getTaxIdOf(context, path.customer, path.id)),
  }),
  operation({
    method: "POST",
    path: "/v1/tax_ids",
    params: { ...taxIdParams, owner: ownerParam },
    run: (context, params) => createTaxId(context, ownerOf(context, params.owner), params),
  }),
  operation({
    method: "GET",
    path: "/v1/tax_ids",
    params: { ...paginationParams, owner: ownerParam },
    run: (context, params) =>
      listPage(context, "/v1/tax_ids", "tax_id", params, [ownerFilter(ownerOf(context, params.owner))]),
  }),
  operation({
    method: "GET",
    path: "/v1/tax_ids/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "tax_id", path.id),
  }),
  operation({
    method: "DELETE",
    path: "/v1/tax_ids/:id",
    params: {},
    run: (context, _params, path) => removeTaxId(context, getByPath(context, "tax_id", path.id)),
  }),
];

/** A customer's tax ids, newest first. */
export function listTaxIds(context: Context, customer: string): Stripe.TaxId[] {
  return listAllObjects(context.store, "tax_id", [ofCustomer(customer)]);
}

/** Gives a customer, or the account itself, a tax id. Where a register exists, its answer follows. */
export function createTaxId(
  context: Context,
  customer: string | null,
  { type, value }: { type: string; value: string },
  typeParam = "type",
): Stripe.TaxId {
  checkTaxId(type, value, typeParam);
  const taxId: Stripe.TaxId = {
    id: newId("txi"),
    object: "tax_id",
    country: countryOf(type, value),
    created: context.now,
    customer,
    customer_account: null,
    livemode: false,
    owner:
      customer === null
        ? { customer_account: null, type: "self" }
        : { customer, customer_account: null, type: "customer" },
    type,
    value,
    verification: {
      status: isVerified(type) ? "pending" : "unavailable",
      verified_address: null,
      verified_name: null,
    },
  };
  insertObject(context.store, "tax_id", taxId, {});
  if (isVerified(type)) {
    const at = context.now + VERIFICATION_SECONDS;
    planDue(context.store, { at, kind: "verify_tax_id", objectId: taxId.id });
  }
  if (customer !== null) emitEvent(context, "customer.tax_id.created", taxId);
  return taxId;
}

function removeTaxId(context: Context, taxId: Stripe.TaxId): Stripe.DeletedTaxId {
  deleteObject(context.store, taxId.id);
  forgetDue(context.store, taxId.id);
  if (taxId.customer !== null) emitEvent(context, "customer.tax_id.deleted", taxId);
  return { id: taxId.id, object: "tax_id", deleted: true };
}

function getTaxIdOf(context: Context, customer: string, id: string): Stripe.TaxId {
  getByPath(context, "customer", customer);
  const taxId = getByPath(context, "tax_id", id);
  if (taxId.customer !== customer) throw resourceMissing("tax_id", id, "id", 404);
  return taxId;
}

function ownerOf(context: Context, owner: ParamsOf<{ owner: typeof ownerParam }>["owner"]): string | null {
  if (owner === undefined || owner.type === "self") return null;
  if (owner.customer === undefined) throw parameterMissing("owner[customer]");
  return getByParam(context, "customer", owner.customer, "owner[customer]").id;
}

function ownerFilter(customer: string | null): ListFilter {
  return customer === null ? fieldIsNull("$.customer") : ofCustomer(customer);
}
