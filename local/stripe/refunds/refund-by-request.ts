import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { integer, metadata, oneOf, type ParamsOf, text } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { formatMoney } from "@/local/stripe/money";
import { cancelPaymentIntent } from "@/local/stripe/payment-intents/cancel-payment-intent";
import { getByParam, getByPath, idOf } from "@/local/stripe/references";
import { forgetDue } from "@/local/stripe/time/due";
import { createRefund } from "./create-refund";
import { refundsOfCharge } from "./refunds-of-charge";
import { releaseAuthorization } from "./release-authorization";

export const refundCreateParams = {
  amount: integer({ min: 1 }),
  charge: text(),
  metadata: metadata(),
  payment_intent: text(),
  reason: oneOf("duplicate", "fraudulent", "requested_by_customer"),
};

type Params = ParamsOf<typeof refundCreateParams>;

/**
 * Refunds a charge, by itself or by its payment intent: all that is left of it unless an amount is named.
 * https://docs.stripe.com/api/refunds/create
 */
export function refundByRequest(context: Context, params: Params): Stripe.Refund {
  const charge = findCharge(context, params);
  if (charge.status !== "succeeded") {
    throw invalidRequest(`Charge ${charge.id} has not succeeded, so there is nothing to refund.`);
  }
  const left = charge.amount - charge.amount_refunded;
  if (left === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: "charge_already_refunded",
    });
  }
  const amount = params.amount ?? left;
  if (!charge.captured) return release(context, charge, amount, params);
  if (amount > left) throw tooMuch(charge, amount, left);
  return createRefund(context, charge, {
    amount,
    reason: params.reason ?? null,
    metadata: mergeMetadata({}, params.metadata),
  });
}

function findCharge(context: Context, { charge, payment_intent: intentId }: Params): Stripe.Charge {
  if (charge !== undefined && intentId !== undefined) {
    throw invalidRequest("You may only specify one of these parameters: charge, payment_intent.");
  }
  if (charge !== undefined) return getByParam(context, "charge", charge, "charge");
  if (intentId === undefined) {
    throw invalidRequest(
      "One of the following params should be provided for this request: payment_intent or charge.",
    );
  }
  const intent = getByParam(context, "payment_intent", intentId, "payment_intent");
  const latest =
    intent.latest_charge === null ? null : getByPath(context, "charge", idOf(intent.latest_charge));
  if (latest?.status === "succeeded") return latest;
  throw invalidRequest(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`);
}

/** What was only authorized is let go of as a whole, and its intent is canceled. */
function release(context: Context, charge: Stripe.Charge, amount: number, params: Params): Stripe.Refund {
  if (amount !== charge.amount) {
    throw invalidRequest(
      "You cannot partially refund an uncaptured charge. Instead, capture the charge for an amount less than the " +
        "original amount.",
      { param: "amount" },
    );
  }
  releaseAuthorization(context, charge, params.reason ?? null, mergeMetadata({}, params.metadata));
  if (charge.payment_intent !== null) {
    const intent = getByPath(context, "payment_intent", idOf(charge.payment_intent));
    forgetDue(context.store, intent.id, "expire_authorization");
    cancelPaymentIntent(context, intent, null);
  }
  const [refund] = refundsOfCharge(context, charge.id);
  if (!refund) throw new Error(`${charge.id} was released without a refund.`);
  return refund;
}

function tooMuch({ currency, amount: charged }: Stripe.Charge, amount: number, left: number): Error {
  const asked = formatMoney(amount, currency);
  const message =
    left < charged
      ? `Refund amount (${asked}) is greater than unrefunded amount on charge (${formatMoney(left, currency)})`
      : `Refund amount (${asked}) is greater than charge amount (${formatMoney(charged, currency)})`;
  return invalidRequest(message, { param: "amount" });
}
