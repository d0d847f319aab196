import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { checkFuture } from "@/local/stripe/coupons/create-coupon";
import { byCurrency, currencyParam } from "@/local/stripe/currencies";
import { emitEvent } from "@/local/stripe/events/emit-event";
import {
  flag,
  hash,
  integer,
  metadata,
  oneOf,
  type ParamsOf,
  required,
  text,
  timestamp,
} from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId, randomText } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByParam } from "@/local/stripe/references";
import { fieldEquals, listAllObjects } from "@/local/stripe/store/list-objects";
import { insertObject } from "@/local/stripe/store/store";
import { planDue } from "@/local/stripe/time/due";

export const minimumsParam = byCurrency(hash({ minimum_amount: required(integer({ min: 1 })) }));

export const promotionCodeCreateParams = {
  active: flag(),
  code: text(500),
  customer: text(),
  expires_at: timestamp(),
  max_redemptions: integer({ min: 1 }),
  metadata: metadata(),
  promotion: required(hash({ coupon: text(), type: required(oneOf("coupon")) })),
  restrictions: hash({
    currency_options: minimumsParam,
    first_time_transaction: flag(),
    minimum_amount: integer({ min: 1 }),
    minimum_amount_currency: currencyParam(),
  }),
};

type Params = ParamsOf<typeof promotionCodeCreateParams>;

/** Creates a code for a coupon. https://docs.stripe.com/api/promotion_codes/create */
export function createPromotionCode(context: Context, params: Params): Stripe.PromotionCode {
  const coupon = couponOf(context, params);
  checkLimits(context, params, coupon);
  const customer = params.customer ?? null;
  if (customer !== null) getByParam(context, "customer", customer, "customer");
  const active = params.active ?? true;
  const code = params.code ?? freshCode(context);
  if (active) checkCodeIsFree(context, code, customer);
  const { first_time_transaction: isFirst, minimum_amount: minimum } = params.restrictions ?? {};
  const promotionCode: Stripe.PromotionCode = {
    id: newId("promo"),
    object: "promotion_code",
    active,
    code,
    created: context.now,
    customer,
    customer_account: null,
    expires_at: params.expires_at ?? null,
    livemode: false,
    max_redemptions: params.max_redemptions ?? null,
    metadata: mergeMetadata({}, params.metadata),
    promotion: { coupon: coupon.id, type: "coupon" },
    restrictions: {
      first_time_transaction: isFirst ?? false,
      minimum_amount: minimum ?? null,
      minimum_amount_currency: params.restrictions?.minimum_amount_currency ?? null,
    },
    times_redeemed: 0,
  };
  const currencyOptions = params.restrictions?.currency_options ?? {};
  insertObject(context.store, "promotion_code", promotionCode, { currencyOptions });
  if (promotionCode.expires_at !== null) {
    const { id: objectId, expires_at: at } = promotionCode;
    planDue(context.store, { at, kind: "expire_promotion_code", objectId });
  }
  emitEvent(context, "promotion_code.created", promotionCode);
  return promotionCode;
}

/**
 * A code is unique among active ones, whatever its case; codes for different customers may be the same.
 * https://docs.stripe.com/api/promotion_codes/object#promotion_code_object-code
 */
export function checkCodeIsFree(context: Context, code: string, customer: string | null): void {
  const isTaken = findByCode(context, code).some(
    (other) => other.active && (other.customer === null || customer === null || other.customer === customer),
  );
  if (isTaken) {
    throw invalidRequest(`An active promotion code with \`code: ${code}\` already exists.`, {
      param: "code",
    });
  }
}

/** Codes that read the same in any case. */
function findByCode(context: Context, code: string): Stripe.PromotionCode[] {
  return listAllObjects(context.store, "promotion_code", [codeIs(code)]);
}

/** Keeps codes that read the same in any case. */
export function codeIs(code: string): { sql: string; values: string[] } {
  const { sql, values } = fieldEquals("$.code", code);
  return { sql: `${sql} collate nocase`, values: values.map(String) };
}

function couponOf(context: Context, params: Params): Stripe.Coupon {
  const { coupon: id } = params.promotion;
  if (id === undefined) {
    throw invalidRequest("You must pass promotion.coupon when passing promotion", {
      param: "promotion.coupon",
    });
  }
  const coupon = getByParam(context, "coupon", id, "promotion[coupon]");
  if (!coupon.valid) {
    throw invalidRequest(`Coupon expired: ${id}`, { code: "coupon_expired", param: "promotion[coupon]" });
  }
  return coupon;
}

function checkLimits(context: Context, params: Params, coupon: Stripe.Coupon): void {
  const { code, expires_at: expiresAt, max_redemptions: maxRedemptions } = params;
  if (code !== undefined && !/^[a-zA-Z0-9\-_]+$/.test(code)) {
    const message = `This value must match the regex pattern. (/\\A[a-zA-Z0-9\\-_]+\\z/ does not match for the value ${code}).`;
    throw invalidRequest(message, { param: "code" });
  }
  if (expiresAt !== undefined) {
    checkFuture(context, expiresAt, "expires_at");
    if (coupon.redeem_by !== null && expiresAt > coupon.redeem_by) {
      throw invalidRequest("`expires_at` cannot be after the coupon's `redeem_by`.", { param: "expires_at" });
    }
  }
  if (maxRedemptions !== undefined && maxRedemptions > (coupon.max_redemptions ?? maxRedemptions)) {
    throw invalidRequest("`max_redemptions` cannot be greater than the coupon's `max_redemptions`.", {
      param: "max_redemptions",
    });
  }
  checkMinimum(params);
}

function checkMinimum({ restrictions }: Params): void {
  const {
    currency_options: options,
    minimum_amount: amount,
    minimum_amount_currency: currency,
  } = restrictions ?? {};
  if ((amount === undefined) !== (currency === undefined)) {
    const missing = amount === undefined ? "minimum_amount" : "minimum_amount_currency";
    throw invalidRequest(
      "You must pass both restrictions[minimum_amount] and restrictions[minimum_amount_currency], or neither.",
      { code: "parameter_missing", param: `restrictions[${missing}]` },
    );
  }
  if (options === undefined) return;
  if (currency === undefined || options[currency] !== undefined) {
    throw invalidRequest(
      "Each currency of restrictions[currency_options] must be different from restrictions[minimum_amount_currency], which must be set.",
      { param: "restrictions[currency_options]" },
    );
  }
}

function freshCode(context: Context): string {
  const code = randomText(8).toUpperCase();
  return findByCode(context, code).length === 0 ? code : freshCode(context);
}
