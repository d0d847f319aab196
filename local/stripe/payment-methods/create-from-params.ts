import type Stripe from "stripe";
import { createBankPaymentMethod } from "@/local/stripe/bank-debits/create-bank-payment-method";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { notSimulated, parameterMissing } from "@/local/stripe/http/stripe-api-error";
import { redeemToken } from "@/local/stripe/tokens/redeem-token";
import { type BuiltCard, buildCard } from "./build-card";
import { storeCardPaymentMethod } from "./create-payment-method";
import type { methodCreateParams } from "./payment-method-params";

/**
 * Creates a payment method from what a call sends: a card's number, a token that stands for one, or a bank account.
 * @param prefix where the parameters stand, e.g. "payment_method_data".
 */
export function createMethodFromParams(
  context: Context,
  params: ParamsOf<typeof methodCreateParams>,
  prefix = "",
): Stripe.PaymentMethod {
  const named = (name: string) => (prefix === "" ? name : `${prefix}[${name}]`);
  if (params.type === undefined) throw parameterMissing(named("type"));
  const details = {
    billing: params.billing_details,
    metadata: params.metadata,
    allowRedisplay: params.allow_redisplay,
  };
  if (params.type === "us_bank_account") {
    if (!params.us_bank_account) throw parameterMissing(named("us_bank_account"));
    if (!params.billing_details?.name) throw parameterMissing(named("billing_details[name]"));
    return createBankPaymentMethod(context, params.us_bank_account, details);
  }
  if (params.type !== "card") throw notSimulated(`the payment method type '${params.type}'`, named("type"));
  if (!params.card) throw parameterMissing(named("card"));
  return storeCardPaymentMethod(context, readCard(context, params), details);
}

function readCard(
  context: Context,
  { card = {}, billing_details: billing }: ParamsOf<typeof methodCreateParams>,
): BuiltCard {
  if (card.token !== undefined) return redeemToken(context, card.token, "card[token]");
  const { number, exp_month, exp_year, cvc } = card;
  if (number === undefined) throw parameterMissing("card[number]");
  if (exp_month === undefined) throw parameterMissing("card[exp_month]");
  if (exp_year === undefined) throw parameterMissing("card[exp_year]");
  return buildCard(context, { number, exp_month, exp_year, cvc }, billing?.address ?? {});
}
