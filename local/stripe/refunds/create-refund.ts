import type Stripe from "stripe";
import { createBalanceTransaction } from "@/local/stripe/balance-transactions/create-balance-transaction";
import { settleCharge } from "@/local/stripe/charges/settle-charge";
import type { Context } from "@/local/stripe/context";
import { checkIsRefundable, closeRefundedInquiries } from "@/local/stripe/disputes/close-dispute";
import { retireFraudWarnings } from "@/local/stripe/disputes/early-fraud-warnings";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { newId } from "@/local/stripe/ids";
import { getByPath, idOf } from "@/local/stripe/references";
import { insertObject, readHidden } from "@/local/stripe/store/store";
import { planDue } from "@/local/stripe/time/due";

/** How long a refund that ends otherwise than it began takes; Stripe says "some time later". */
const REFUND_OUTCOME_SECONDS = 60 * 60;

export type NewRefund = {
  amount: number;
  reason: Stripe.Refund.Reason | null;
  metadata: Record<string, string>;
};

/**
 * Gives back what was captured, or part of it. Card refunds succeed at once, but for the test cards whose refunds do
 * not. https://docs.stripe.com/refunds and https://docs.stripe.com/testing#refunds
 */
export function createRefund(context: Context, charged: Stripe.Charge, input: NewRefund): Stripe.Refund {
  checkIsRefundable(context, charged);
  const charge = settleCharge(context, charged);
  const course = charge.payment_method
    ? readHidden(context.store, "payment_method", charge.payment_method).refund
    : "succeeds";
  const id = newId("re");
  const transaction = createBalanceTransaction(context, {
    type: "refund",
    amount: -input.amount,
    fee: 0,
    currency: charge.currency,
    source: id,
    description: `REFUND FOR CHARGE${charge.description === null ? "" : ` (${charge.description})`}`,
  });
  const refund: Stripe.Refund = {
    ...buildRefund(context, id, charge, input),
    balance_transaction: transaction.id,
    destination_details: destinationOf(charge),
    ...(course === "succeeds_later" ? { pending_reason: "processing" } : {}),
    status: course === "succeeds_later" ? "pending" : "succeeded",
  };
  insertObject(context.store, "refund", refund, {});
  if (course === "succeeds_later" || course === "fails_later") {
    planDue(context.store, {
      at: context.now + REFUND_OUTCOME_SECONDS,
      kind: "settle_refund",
      objectId: id,
    });
  }
  addToRefunded(context, charge, refund);
  emitEvent(context, "refund.created", refund);
  return refund;
}

/** https://docs.stripe.com/api/refunds/object#refund_object-destination_details */
function destinationOf({
  payment_method_details: paidWith,
}: Stripe.Charge): Stripe.Refund.DestinationDetails {
  if (paidWith?.us_bank_account) {
    return { type: "us_bank_transfer", us_bank_transfer: { reference: null, reference_status: null } };
  }
  return {
    card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
    type: "card",
  };
}

/** A refund of a charge as it begins, without what it does to the balance. https://docs.stripe.com/api/refunds/object */
export function buildRefund(
  context: Context,
  id: string,
  charge: Stripe.Charge,
  input: NewRefund,
): Stripe.Refund {
  return {
    id,
    object: "refund",
    amount: input.amount,
    balance_transaction: null,
    charge: charge.id,
    created: context.now,
    currency: charge.currency,
    customer: charge.customer === null ? null : idOf(charge.customer),
    customer_account: null,
    metadata: input.metadata,
    payment_intent: charge.payment_intent === null ? null : idOf(charge.payment_intent),
    payment_method: charge.payment_method,
    reason: input.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: "succeeded",
    transfer_reversal: null,
  };
}

/** Counts the refund on its charge and tells of it. */
export function addToRefunded(context: Context, before: Stripe.Charge, refund: Stripe.Refund): Stripe.Charge {
  const amountRefunded = before.amount_refunded + refund.amount;
  const charge: Stripe.Charge = {
    ...before,
    amount_refunded: amountRefunded,
    fraud_details: refund.reason === "fraudulent" ? { user_report: "fraudulent" } : before.fraud_details,
    refunded: amountRefunded === before.amount,
  };
  saveAndTell(context, "charge", charge, before, "charge.refunded");
  if (charge.refunded) {
    closeRefundedInquiries(context, charge.id);
    retireFraudWarnings(context, charge.id);
  }
  return getByPath(context, "charge", charge.id);
}
