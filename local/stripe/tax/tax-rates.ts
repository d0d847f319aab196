import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import {
  clearable,
  flag,
  metadata,
  type ParamsOf,
  required,
  text,
  timeRange,
} from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { percent } from "@/local/stripe/percent-param";
import { getByParam, getByPath } from "@/local/stripe/references";
import { fieldEquals, fieldInRange, type ListFilter } from "@/local/stripe/store/list-objects";
import { insertObject } from "@/local/stripe/store/store";

const shared = {
  active: flag(),
  country: clearable(text(2)),
  description: clearable(text()),
  jurisdiction: clearable(text(50)),
  metadata: metadata(),
  state: clearable(text(2)),
  tax_type: clearable(text()),
};

const createParams = {
  ...shared,
  display_name: required(text(50)),
  inclusive: required(flag()),
  percentage: required(percent({ min: 0, max: 100 })),
};

/** How much it is, and whether it is inside of the price, never changes. https://docs.stripe.com/api/tax_rates/update */
const updateParams = { ...shared, display_name: text(50) };

const listParams = { ...paginationParams, active: flag(), created: timeRange(), inclusive: flag() };

/** https://docs.stripe.com/api/tax_rates */
export const taxRateOperations = [
  operation({
    method: "POST",
    path: "/v1/tax_rates",
    params: createParams,
    run: (context, params) => createTaxRate(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/tax_rates",
    params: listParams,
    run: (context, params) => listPage(context, "/v1/tax_rates", "tax_rate", params, filtersOf(params)),
  }),
  operation({
    method: "GET",
    path: "/v1/tax_rates/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "tax_rate", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/tax_rates/:id",
    params: updateParams,
    run: (context, params, path) => updateTaxRate(context, path.id, params),
  }),
];

/**
 * A rate that something new is to be taxed at. Archived ones go on only where they already are.
 * @throws StripeApiError 400 naming the parameter.
 */
export function getActiveTaxRate(context: Context, id: string, param: string): Stripe.TaxRate {
  const rate = getByParam(context, "tax_rate", id, param);
  if (rate.active) return rate;
  throw invalidRequest(`The tax rate ${id} is inactive. This field only accepts active tax rates.`, {
    param,
  });
}

function createTaxRate(context: Context, params: ParamsOf<typeof createParams>): Stripe.TaxRate {
  const rate: Stripe.TaxRate = {
    id: newId("txr"),
    object: "tax_rate",
    active: params.active ?? true,
    country: params.country ?? null,
    created: context.now,
    description: params.description ?? null,
    display_name: params.display_name,
    effective_percentage: null,
    flat_amount: null,
    inclusive: params.inclusive,
    jurisdiction: params.jurisdiction ?? null,
    jurisdiction_level: null,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    percentage: params.percentage,
    rate_type: null,
    state: params.state ?? null,
    tax_type: params.tax_type ?? null,
  };
  insertObject(context.store, "tax_rate", rate, {});
  emitEvent(context, "tax_rate.created", rate);
  return rate;
}

function updateTaxRate(
  context: Context,
  id: string,
  { metadata: change, ...fields }: ParamsOf<typeof updateParams>,
): Stripe.TaxRate {
  const before = getByPath(context, "tax_rate", id);
  const rate: Stripe.TaxRate = {
    ...before,
    ...fields,
    metadata: mergeMetadata(before.metadata ?? {}, change),
  };
  saveAndTell(context, "tax_rate", rate, before, "tax_rate.updated");
  return rate;
}

function filtersOf(params: ParamsOf<typeof listParams>): ListFilter[] {
  return [
    ...(params.active === undefined ? [] : [fieldEquals("$.active", params.active)]),
    ...(params.inclusive === undefined ? [] : [fieldEquals("$.inclusive", params.inclusive)]),
    ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
  ];
}
