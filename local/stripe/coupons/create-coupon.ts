import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { byCurrency, currencyParam, maxAmount } from "@/local/stripe/currencies";
import { emitEvent } from "@/local/stripe/events/emit-event";
import {
  hash,
  integer,
  listOf,
  metadata,
  oneOf,
  type ParamsOf,
  required,
  text,
  timestamp,
} from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { randomText } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { percent } from "@/local/stripe/percent-param";
import { getByParam } from "@/local/stripe/references";
import { findObject, insertObject, readHidden, runSql } from "@/local/stripe/store/store";
import { planDue } from "@/local/stripe/time/due";

export const currencyOptionsParam = byCurrency(hash({ amount_off: required(integer({ min: 1 })) }));

export const couponCreateParams = {
  amount_off: integer({ min: 1 }),
  applies_to: hash({ products: listOf(text()) }),
  currency: currencyParam(),
  currency_options: currencyOptionsParam,
  duration: oneOf("forever", "once", "repeating"),
  duration_in_months: integer({ min: 1 }),
  id: text(),
  max_redemptions: integer({ min: 1 }),
  metadata: metadata(),
  name: text(40),
  percent_off: percent({ min: 0.01, max: 100 }),
  redeem_by: timestamp(),
};

type Params = ParamsOf<typeof couponCreateParams>;

/** A coupon can be redeemed at most five years from now. https://docs.stripe.com/api/coupons/create */
const MAX_REDEEM_SECONDS = 5 * 366 * 24 * 60 * 60;

/** Creates a coupon. https://docs.stripe.com/api/coupons/create */
export function createCoupon(context: Context, params: Params): Stripe.Coupon {
  checkAmounts(params);
  const duration = checkDuration(params);
  if (params.redeem_by !== undefined) checkFuture(context, params.redeem_by, "redeem_by");
  for (const [index, product] of (params.applies_to?.products ?? []).entries()) {
    getByParam(context, "product", product, `applies_to[products][${index}]`);
  }
  const coupon: Stripe.Coupon = {
    id: reserveId(context, params.id),
    object: "coupon",
    amount_off: params.amount_off ?? null,
    created: context.now,
    currency: params.amount_off === undefined ? null : (params.currency ?? null),
    duration,
    duration_in_months: params.duration_in_months ?? null,
    livemode: false,
    max_redemptions: params.max_redemptions ?? null,
    metadata: mergeMetadata({}, params.metadata),
    name: params.name ?? null,
    percent_off: params.percent_off ?? null,
    redeem_by: params.redeem_by ?? null,
    times_redeemed: 0,
    valid: true,
  };
  insertObject(context.store, "coupon", coupon, {
    appliesTo: params.applies_to?.products ?? null,
    currencyOptions: params.currency_options ?? {},
  });
  // It can still be redeemed in the very second it names.
  if (coupon.redeem_by !== null) {
    planDue(context.store, { at: coupon.redeem_by + 1, kind: "expire_coupon", objectId: coupon.id });
  }
  emitEvent(context, "coupon.created", coupon);
  return coupon;
}

/** What an amount coupon takes off by currency, its own included; undefined for a percentage. */
export function couponCurrencies(
  context: Context,
  id: string,
): Record<string, { amount_off: number }> | undefined {
  const coupon = findObject(context.store, "coupon", id);
  if (!coupon || coupon.amount_off === null || coupon.currency === null) return undefined;
  const { currencyOptions } = readHidden(context.store, "coupon", id);
  return { [coupon.currency]: { amount_off: coupon.amount_off }, ...currencyOptions };
}

/** A moment up to five years ahead. @throws StripeApiError naming the parameter. */
export function checkFuture(context: Context, at: number, param: string): void {
  if (at <= context.now) {
    throw invalidRequest(
      `The parameter \`${param}\` expects a unix timestamp representing a date and time in the future. You specified the value \`${at}\` which is in the past.`,
      { param },
    );
  }
  if (at > context.now + MAX_REDEEM_SECONDS) {
    throw invalidRequest("Invalid timestamp: can be no more than five years in the future.", { param });
  }
}

function checkAmounts(params: Params): void {
  const { amount_off: amountOff, currency, currency_options: options, percent_off: percentOff } = params;
  if (amountOff === undefined && percentOff === undefined) {
    throw invalidRequest("Must provide percent_off or amount_off.", { code: "parameter_missing" });
  }
  if (amountOff !== undefined && percentOff !== undefined) {
    throw invalidRequest("Received both percent_off and amount_off parameters. Please pass in only one.");
  }
  if (amountOff !== undefined && currency === undefined) {
    throw invalidRequest("You must pass currency when passing amount_off", { param: "currency" });
  }
  if (percentOff !== undefined && options !== undefined) {
    throw invalidRequest("You may only specify one of these parameters: currency_options, percent_off.", {
      param: "currency_options",
    });
  }
  if (amountOff !== undefined && amountOff > maxAmount(currency ?? "usd")) {
    const message = `This value must be less than or equal to ${maxAmount(currency ?? "usd")} (it currently is '${amountOff}').`;
    throw invalidRequest(message, { code: "parameter_invalid_integer", param: "amount_off" });
  }
}

function checkDuration(params: Params): "forever" | "once" | "repeating" {
  const duration = params.duration ?? "once";
  if (duration === "repeating" && params.duration_in_months === undefined) {
    const message =
      "The duration_in_months param must be set when creating a coupon with a repeating duration";
    throw invalidRequest(message, { param: "duration" });
  }
  if (duration !== "repeating" && params.duration_in_months !== undefined) {
    const message = "The duration_in_months param can only be set when the duration is repeating";
    throw invalidRequest(message, { param: "duration_in_months" });
  }
  return duration;
}

/** Ids of deleted coupons can be given again; their discounts do not need them. */
function reserveId(context: Context, id: string | undefined): string {
  if (id === undefined) return randomText(8);
  if (findObject(context.store, "coupon", id)) {
    throw invalidRequest("Coupon already exists.", { code: "resource_already_exists", param: "id" });
  }
  runSql(context.store, "delete from objects where id = ? and type = 'coupon' and deleted = 1", id);
  return id;
}
