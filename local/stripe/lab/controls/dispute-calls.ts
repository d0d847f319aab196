import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { DISPUTE_REASONS } from "@/local/stripe/disputes/dispute-terms";
import { openDispute } from "@/local/stripe/disputes/open-dispute";
import { integer, oneOf, type ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { labCall } from "@/local/stripe/lab/lab-call";
import { formatMoney } from "@/local/stripe/money";
import { getByPath } from "@/local/stripe/references";
import { atItsTime } from "./payment-calls";

const disputeParams = { amount: integer({ min: 1 }), reason: oneOf(...DISPUTE_REASONS) };

/** What cardholders do to charges that were paid. */
export const disputeCalls = [
  labCall({
    method: "POST",
    path: "/lab/charges/:id/dispute",
    params: disputeParams,
    run: (lab, params, { id }) => atItsTime(lab, id, (context) => disputeCharge(context, id, params)),
    says: ({ id, amount, currency, reason }) =>
      `${formatMoney(amount, currency)} is disputed as ${reason}: ${id}.`,
  }),
];

function disputeCharge(
  context: Context,
  id: string,
  { amount, reason = "fraudulent" }: ParamsOf<typeof disputeParams>,
): Stripe.Dispute {
  const charge = getByPath(context, "charge", id);
  if (charge.status !== "succeeded" || !charge.captured) {
    throw invalidRequest(`The charge ${id} was not paid, so nobody disputes it.`, { param: "id" });
  }
  if (charge.disputed) throw invalidRequest(`The charge ${id} is disputed already.`, { param: "id" });
  const left = charge.amount_captured - Math.max(0, charge.amount_refunded - refundedByCapture(charge));
  if (left <= 0) throw invalidRequest(`The charge ${id} was refunded.`, { param: "id" });
  if (amount !== undefined && amount > left) {
    throw invalidRequest(`At most ${formatMoney(left, charge.currency)} of the charge can be disputed.`, {
      param: "amount",
    });
  }
  return openDispute(context, charge, { reason, amount: amount ?? left, isInquiry: false }).dispute;
}

/** What was authorized and not captured counts as refunded without ever having been paid. */
function refundedByCapture({ amount, amount_captured: captured }: Stripe.Charge): number {
  return amount - captured;
}
