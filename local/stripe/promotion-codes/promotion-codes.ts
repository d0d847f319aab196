import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { customerFilter } from "@/local/stripe/customers/customer-filter";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { previousAttributes } from "@/local/stripe/events/previous-attributes";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { flag, hash, metadata, type ParamsOf, text, timeRange } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByParam, getByPath, idOf } from "@/local/stripe/references";
import { fieldEquals, fieldInRange, type ListFilter } from "@/local/stripe/store/list-objects";
import { findObject, readHidden, saveHidden, saveObject } from "@/local/stripe/store/store";
import {
  checkCodeIsFree,
  codeIs,
  createPromotionCode,
  minimumsParam,
  promotionCodeCreateParams,
} from "./create-promotion-code";

const updateParams = {
  active: flag(),
  metadata: metadata(),
  restrictions: hash({ currency_options: minimumsParam }),
};

const listParams = {
  ...paginationParams,
  active: flag(),
  code: text(500),
  coupon: text(),
  created: timeRange(),
  customer: text(),
};

/** https://docs.stripe.com/api/promotion_codes */
export const promotionCodeOperations = [
  operation({
    method: "POST",
    path: "/v1/promotion_codes",
    params: promotionCodeCreateParams,
    run: (context, params) => createPromotionCode(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/promotion_codes",
    params: listParams,
    run: (context, params) =>
      listPage(context, "/v1/promotion_codes", "promotion_code", params, filtersOf(context, params)),
  }),
  operation({
    method: "GET",
    path: "/v1/promotion_codes/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "promotion_code", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/promotion_codes/:id",
    params: updateParams,
    run: (context, params, path) => updatePromotionCode(context, path.id, params),
  }),
];

function filtersOf(context: Context, params: ParamsOf<typeof listParams>): ListFilter[] {
  if (params.coupon !== undefined) getByParam(context, "coupon", params.coupon, "coupon");
  return [
    ...customerFilter(context, params.customer),
    ...(params.active === undefined ? [] : [fieldEquals("$.active", params.active)]),
    ...(params.code === undefined ? [] : [codeIs(params.code)]),
    ...(params.coupon === undefined ? [] : [fieldEquals("$.promotion.coupon", params.coupon)]),
    ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
  ];
}

function updatePromotionCode(
  context: Context,
  id: string,
  params: ParamsOf<typeof updateParams>,
): Stripe.PromotionCode {
  const before = getByPath(context, "promotion_code", id);
  const { active, metadata: change, restrictions } = params;
  if (active === true && !before.active) checkCanReactivate(context, before);
  const added = restrictions?.currency_options;
  if (added !== undefined) {
    const { currencyOptions } = readHidden(context.store, "promotion_code", id);
    saveHidden(context.store, "promotion_code", id, { currencyOptions: { ...currencyOptions, ...added } });
  }
  const code: Stripe.PromotionCode = {
    ...before,
    active: active ?? before.active,
    metadata: mergeMetadata(before.metadata ?? {}, change),
  };
  const previous = previousAttributes(before, code);
  if (previous === null && added === undefined) return code;
  saveObject(context.store, "promotion_code", code);
  emitEvent(context, "promotion_code.updated", code, previous ?? {});
  return code;
}

/**
 * Only while the coupon is valid and the code could still be redeemed.
 * https://docs.stripe.com/api/promotion_codes/update#update_promotion_code-active
 */
function checkCanReactivate(context: Context, code: Stripe.PromotionCode): void {
  const { coupon } = code.promotion;
  const isCouponValid = coupon !== null && findObject(context.store, "coupon", idOf(coupon))?.valid === true;
  const isOver = code.expires_at !== null && code.expires_at <= context.now;
  const isUsedUp = code.max_redemptions !== null && code.times_redeemed >= code.max_redemptions;
  if (!isCouponValid || isOver || isUsedUp) {
    const message =
      "This promotion code cannot be reactivated because its coupon is no longer valid or it can no longer be redeemed.";
    throw invalidRequest(message, { param: "active" });
  }
  checkCodeIsFree(context, code.code, code.customer === null ? null : idOf(code.customer));
}
