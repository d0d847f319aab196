import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { escalateInquiry, loseDispute, winDispute } from "@/local/stripe/disputes/close-dispute";
import { DISPUTE_REASONS, isClosed, isInquiry } from "@/local/stripe/disputes/dispute-terms";
import { openDispute } from "@/local/stripe/disputes/open-dispute";
import { integer, oneOf, type ParamsOf, required } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { labCall } from "@/local/stripe/lab/lab-call";
import { formatMoney } from "@/local/stripe/money";
import { getByPath } from "@/local/stripe/references";
import { atItsTime } from "./payment-calls";

const disputeParams = { amount: integer({ min: 1 }), reason: oneOf(...DISPUTE_REASONS) };

const OUTCOMES = ["won", "lost", "escalated"] as const;

/** What cardholders do to charges that were paid, and what their banks make of it. */
export const disputeCalls = [
  labCall({
    method: "POST",
    path: "/lab/charges/:id/dispute",
    params: disputeParams,
    run: (lab, params, { id }) => atItsTime(lab, id, (context) => disputeCharge(context, id, params)),
    says: ({ id, amount, currency, reason }) =>
      `${formatMoney(amount, currency)} is disputed as ${reason}: ${id}.`,
  }),
  labCall({
    method: "POST",
    path: "/lab/disputes/:id/decide",
    params: { outcome: required(oneOf(...OUTCOMES)) },
    /** The bank decides, whatever the evidence says. */
    run: (lab, { outcome }, { id }) =>
      atItsTime(lab, id, (context) => decide(context, getByPath(context, "dispute", id), outcome)),
    says: ({ id, status }) => `The dispute ${id} is ${status} now.`,
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
  if (!charge.payment_method_details?.card) {
    const message = `The charge ${id} was not made to a card; only those are disputed here.`;
    throw invalidRequest(message, { param: "id" });
  }
  if (charge.disputed) throw invalidRequest(`The charge ${id} is disputed already.`, { param: "id" });
  const left = disputableAmount(charge);
  if (left <= 0) throw invalidRequest(`The charge ${id} was refunded.`, { param: "id" });
  if (amount !== undefined && amount > left) {
    throw invalidRequest(`At most ${formatMoney(left, charge.currency)} of the charge can be disputed.`, {
      param: "amount",
    });
  }
  return openDispute(context, charge, { reason, amount: amount ?? left, isInquiry: false }).dispute;
}

/** What was paid and not given back. What was authorized and not captured counts as refunded without having been paid. */
function disputableAmount(charge: Stripe.Charge): number {
  const { amount, amount_captured: captured, amount_refunded: refunded } = charge;
  return captured - Math.max(0, refunded - (amount - captured));
}

function decide(
  context: Context,
  dispute: Stripe.Dispute,
  outcome: (typeof OUTCOMES)[number],
): Stripe.Dispute {
  const { id, status } = dispute;
  if (isClosed(status)) throw invalidRequest(`The dispute ${id} is ${status} already.`, { param: "id" });
  if (outcome === "lost") return loseDispute(context, dispute);
  if (isInquiry(status) !== (outcome === "escalated")) {
    const message = isInquiry(status)
      ? `${id} is an inquiry: no money was taken, so nothing can be won. It can be escalated, or closed as lost.`
      : `${id} is no inquiry, so it cannot be escalated.`;
    throw invalidRequest(message, { param: "outcome" });
  }
  if (outcome === "won") winDispute(context, dispute);
  else escalateInquiry(context, dispute);
  return getByPath(context, "dispute", id);
}
