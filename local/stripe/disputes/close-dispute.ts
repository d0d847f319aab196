import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { fieldEquals, listAllObjects } from "@/local/stripe/store/list-objects";
import { saveObject } from "@/local/stripe/store/store";
import { forgetDue, planDue } from "@/local/stripe/time/due";
import { dueByOf, endOfDispute, isClosed, isInquiry, networkCodeOf } from "./dispute-terms";
import { reinstateFunds, tellFunds, withdrawFunds } from "./move-funds";

/** The evidence that decides in test mode. https://docs.stripe.com/testing#disputes */
export const DECISIVE_EVIDENCE: readonly string[] = [
  "winning_evidence",
  "losing_evidence",
  "escalate_inquiry_evidence",
];

/** The bank decides by what the evidence says. Does nothing once the dispute is closed. */
export function decideDispute(context: Context, dispute: Stripe.Dispute): void {
  if (isClosed(dispute.status)) return;
  const { uncategorized_text: text } = dispute.evidence;
  if (!isInquiry(dispute.status)) {
    if (text === "winning_evidence") winDispute(context, dispute);
    if (text === "losing_evidence") loseDispute(context, dispute);
  } else if (text === "escalate_inquiry_evidence") {
    escalateInquiry(context, dispute);
  } else if (text !== null && DECISIVE_EVIDENCE.includes(text)) {
    loseDispute(context, dispute);
  }
}

/**
 * Ends a dispute in the cardholder's favour; what was taken stays taken. An inquiry is over without any consequence.
 * https://docs.stripe.com/api/disputes/close
 */
export function loseDispute(context: Context, before: Stripe.Dispute): Stripe.Dispute {
  if (isClosed(before.status)) throw alreadyClosed();
  return close(context, { ...before, status: isInquiry(before.status) ? "warning_closed" : "lost" });
}

/** Ends a dispute in the account's favour: what was taken comes back, but for the fee. */
export function winDispute(context: Context, before: Stripe.Dispute): void {
  const won: Stripe.Dispute = { ...before, is_charge_refundable: true, status: "won" };
  const reinstated = reinstateFunds(context, won);
  tellFunds(context, reinstated, "reinstated");
  close(context, reinstated);
}

/** The inquiry becomes a dispute as any other: money is taken, and there is time for an answer. */
export function escalateInquiry(context: Context, before: Stripe.Dispute): void {
  const card = before.payment_method_details?.card;
  const code = networkCodeOf(card?.network ?? "unknown", before.reason, false);
  const escalated: Stripe.Dispute = {
    ...before,
    evidence_details: {
      ...before.evidence_details,
      due_by: dueByOf(context.now),
      submission_count: 0,
      submission_method: "not_submitted",
    },
    is_charge_refundable: false,
    network_reason_code: code,
    ...(card
      ? {
          payment_method_details: {
            card: { ...card, case_type: "chargeback", network_reason_code: code },
            type: "card",
          },
        }
      : {}),
    status: "needs_response",
  };
  const dispute = withdrawFunds(context, escalated);
  const at = endOfDispute(dispute, context.now);
  planDue(context.store, { at, kind: "expire_dispute", objectId: dispute.id });
  saveAndTell(context, "dispute", dispute, before, "charge.dispute.updated");
  tellFunds(context, dispute, "withdrawn");
}

/** Nobody answered in time, or nothing the bank believes. */
export function expireDispute(context: Context, dispute: Stripe.Dispute): void {
  if (!isClosed(dispute.status)) loseDispute(context, dispute);
}

/** A full refund settles what the bank asked about. https://docs.stripe.com/disputes/how-disputes-work#inquiries */
export function closeRefundedInquiries(context: Context, chargeId: string): void {
  for (const dispute of disputesOfCharge(context, chargeId)) {
    if (isInquiry(dispute.status)) expireDispute(context, dispute);
  }
}

/**
 * A charge whose money the bank took back cannot be refunded as well. https://docs.stripe.com/error-codes#charge-disputed
 * @throws StripeApiError 400 `charge_disputed`.
 */
export function checkIsRefundable(context: Context, charge: Stripe.Charge): void {
  if (!charge.disputed) return;
  if (disputesOfCharge(context, charge.id).every((dispute) => dispute.is_charge_refundable)) return;
  throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
    code: "charge_disputed",
  });
}

/** What a closed dispute is answered with. */
export function alreadyClosed(): Error {
  return invalidRequest("This dispute is already closed");
}

function disputesOfCharge(context: Context, chargeId: string): Stripe.Dispute[] {
  return listAllObjects(context.store, "dispute", [fieldEquals("$.charge", chargeId)]);
}

function close(context: Context, dispute: Stripe.Dispute): Stripe.Dispute {
  saveObject(context.store, "dispute", dispute);
  forgetDue(context.store, dispute.id);
  emitEvent(context, "charge.dispute.closed", dispute);
  return dispute;
}
