import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { integer, oneOf, type ParamsOf, required, text } from "@/local/stripe/http/params";
import { invalidRequest, resourceMissing } from "@/local/stripe/http/stripe-api-error";
import {
  DECLINE_REASONS,
  type ForcedDecline,
  listForcedDeclines,
  saveForcedDeclines,
} from "@/local/stripe/lab/forced-declines";
import type { Lab } from "@/local/stripe/lab/lab";
import { labCall } from "@/local/stripe/lab/lab-call";
import { formatMoney } from "@/local/stripe/money";
import { completeAuthentication } from "@/local/stripe/payment-intents/complete-authentication";
import { getByPath } from "@/local/stripe/references";
import { refundByRequest } from "@/local/stripe/refunds/refund-by-request";
import { findObject, inTransaction } from "@/local/stripe/store/store";
import { businessTimeOf } from "@/local/stripe/time/business-time";

const declineParams = {
  count: integer({ min: 1, max: 1000 }),
  customer: text(),
  reason: oneOf(...DECLINE_REASONS),
  subscription: text(),
};

/** What happens to payments: declines, cards that expire, refunds, answers to 3D Secure. */
export const paymentCalls = [
  labCall({
    method: "POST",
    path: "/lab/intents/:id/authenticate",
    params: { outcome: required(oneOf("succeeded", "failed")) },
    /** Answers the 3D Secure challenge an intent waits for, in the customer's place. */
    run: (lab, { outcome }, { id: intentId }) =>
      atItsTime(lab, intentId, (context) => {
        const { id, status } = completeAuthentication(context, intentId, outcome);
        return { id, status };
      }),
  }),
  labCall({
    method: "GET",
    path: "/lab/declines",
    params: {},
    run: (lab) => ({ reasons: DECLINE_REASONS, data: listForcedDeclines(lab.store) }),
  }),
  labCall({
    method: "POST",
    path: "/lab/declines",
    params: declineParams,
    run: addDecline,
    says: ({ object, reason, remaining }) =>
      `${remaining === 1 ? "The next charge" : `The next ${remaining} charges`} of ${object} will be declined: ${reason}.`,
  }),
  labCall({
    method: "DELETE",
    path: "/lab/declines/:id",
    params: {},
    run: takeBackDecline,
    says: () => "The decline is taken back.",
  }),
  labCall({
    method: "POST",
    path: "/lab/payment_methods/:id/expire",
    params: {},
    run: (lab, _params, { id }) => atItsTime(lab, id, (context) => expireCard(context, id)),
    says: ({ card }) => `The card expired in ${card?.exp_month}/${card?.exp_year}.`,
  }),
  labCall({
    method: "POST",
    path: "/lab/charges/:id/refund",
    params: { amount: integer({ min: 1 }) },
    run: (lab, params, { id }) =>
      atItsTime(lab, id, (context) => {
        getByPath(context, "charge", id);
        return refundByRequest(context, { charge: id, ...params });
      }),
    says: ({ amount, currency, status }) => `Refunded ${formatMoney(amount, currency)}: ${status}.`,
  }),
];

/** Does work on an object by the clock it lives by. */
export function atItsTime<T>(lab: Lab, id: string, work: (context: Context) => T): T {
  const { now, testClock } = businessTimeOf(lab.store, [id]);
  const request = { id: null, idempotencyKey: null };
  const context: Context = { store: lab.store, now, baseUrl: lab.baseUrl, request };
  const result = inTransaction(lab.store, () => work(context), testClock);
  lab.kick();
  return result;
}

function addDecline(lab: Lab, params: ParamsOf<typeof declineParams>): ForcedDecline {
  const { customer, subscription, reason = "generic_decline", count = 1 } = params;
  if ((customer === undefined) === (subscription === undefined)) {
    throw invalidRequest("Give one of `customer` and `subscription`.", { param: "customer" });
  }
  if (customer !== undefined && !findObject(lab.store, "customer", customer)) {
    throw resourceMissing("customer", customer, "customer", 400);
  }
  if (subscription !== undefined && !findObject(lab.store, "subscription", subscription)) {
    throw resourceMissing("subscription", subscription, "subscription", 400);
  }
  const waiting = listForcedDeclines(lab.store);
  const last = Math.max(0, ...waiting.map(({ id }) => Number(id.replace("decline_", ""))));
  const added = {
    id: `decline_${last + 1}`,
    object: customer ?? subscription ?? "",
    reason,
    remaining: count,
  };
  saveForcedDeclines(lab.store, [...waiting, added]);
  return added;
}

function takeBackDecline(lab: Lab, _params: object, { id }: { id: string }): object {
  const waiting = listForcedDeclines(lab.store);
  const left = waiting.filter((one) => one.id !== id);
  if (left.length === waiting.length) throw resourceMissing("decline", id, "id", 404);
  saveForcedDeclines(lab.store, left);
  return { data: left };
}

/** Sets the expiry to the month before the one it is; the next charge is declined as `expired_card`. */
function expireCard(context: Context, id: string): Stripe.PaymentMethod {
  const method = getByPath(context, "payment_method", id);
  if (!method.card) throw invalidRequest(`The payment method ${id} is no card.`, { param: "id" });
  const date = new Date(context.now * 1000);
  const past = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1));
  const card = { ...method.card, exp_month: past.getUTCMonth() + 1, exp_year: past.getUTCFullYear() };
  const expired: Stripe.PaymentMethod = { ...method, card };
  saveAndTell(context, "payment_method", expired, method, "payment_method.updated");
  return expired;
}
