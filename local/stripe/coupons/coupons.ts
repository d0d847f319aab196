import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { previousAttributes } from "@/local/stripe/events/previous-attributes";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { clearable, metadata, type ParamsOf, text, timeRange } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByPath } from "@/local/stripe/references";
import { fieldInRange } from "@/local/stripe/store/list-objects";
import { deleteObject, readHidden, saveHidden, saveObject } from "@/local/stripe/store/store";
import { forgetDue } from "@/local/stripe/time/due";
import { couponCreateParams, createCoupon, currencyOptionsParam } from "./create-coupon";
import { invalidateCoupon } from "./redeem-coupon";

/** What a coupon takes off never changes; only further currencies can be added. https://docs.stripe.com/api/coupons/update */
const couponUpdateParams = {
  currency_options: currencyOptionsParam,
  metadata: metadata(),
  name: clearable(text(40)),
};

/** https://docs.stripe.com/api/coupons */
export const couponOperations = [
  operation({
    method: "POST",
    path: "/v1/coupons",
    params: couponCreateParams,
    run: (context, params) => createCoupon(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/coupons",
    params: { ...paginationParams, created: timeRange() },
    run: (context, params) =>
      listPage(
        context,
        "/v1/coupons",
        "coupon",
        params,
        params.created === undefined ? [] : fieldInRange("$.created", params.created),
      ),
  }),
  operation({
    method: "GET",
    path: "/v1/coupons/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "coupon", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/coupons/:id",
    params: couponUpdateParams,
    run: (context, params, path) => updateCoupon(context, path.id, params),
  }),
  operation({
    method: "DELETE",
    path: "/v1/coupons/:id",
    params: {},
    run: (context, _params, path) => removeCoupon(context, path.id),
  }),
];

function updateCoupon(
  context: Context,
  id: string,
  params: ParamsOf<typeof couponUpdateParams>,
): Stripe.Coupon {
  const before = getByPath(context, "coupon", id);
  const { currency_options: options, metadata: change, name } = params;
  if (options !== undefined) addCurrencies(context, before, options);
  const coupon: Stripe.Coupon = {
    ...before,
    ...(name === undefined ? {} : { name }),
    metadata: mergeMetadata(before.metadata ?? {}, change),
  };
  const previous = previousAttributes(before, coupon);
  if (previous === null && options === undefined) return coupon;
  saveObject(context.store, "coupon", coupon);
  emitEvent(context, "coupon.updated", coupon, previous ?? {});
  return coupon;
}

function addCurrencies(
  context: Context,
  coupon: Stripe.Coupon,
  options: Record<string, { amount_off: number }>,
): void {
  if (coupon.amount_off === null) {
    throw invalidRequest("Only coupons with an amount_off can have currency_options.", {
      param: "currency_options",
    });
  }
  const hidden = readHidden(context.store, "coupon", coupon.id);
  const currencyOptions = { ...hidden.currencyOptions, ...options };
  saveHidden(context.store, "coupon", coupon.id, { ...hidden, currencyOptions });
}

/** Discounts already given stay; the coupon and its codes can no longer be redeemed. https://docs.stripe.com/api/coupons/delete */
function removeCoupon(context: Context, id: string): Stripe.DeletedCoupon {
  const coupon = getByPath(context, "coupon", id);
  invalidateCoupon(context, coupon);
  deleteObject(context.store, id);
  forgetDue(context.store, id);
  emitEvent(context, "coupon.deleted", { ...coupon, valid: false });
  return { id, object: "coupon", deleted: true };
}
