import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { newId } from "@/local/stripe/ids";
import { idOf } from "@/local/stripe/references";
import { insertObject, saveObject } from "@/local/stripe/store/store";
import { planDue } from "@/local/stripe/time/due";
import { type DisputeReason, dueByOf, endOfDispute, networkCodeOf } from "./dispute-terms";
import { retireFraudWarnings } from "./early-fraud-warnings";
import { tellFunds, withdrawFunds } from "./move-funds";

export type NewDispute = {
  reason: DisputeReason;
  amount: number;
  /** Whether the bank only asks before it takes money back. */
  isInquiry: boolean;
};

/**
 * The cardholder disputes a charge: the money is taken at once, but for an inquiry. Neither the payment intent nor an
 * invoice paid with it changes. https://docs.stripe.com/disputes/how-disputes-work
 */
export function openDispute(
  context: Context,
  charge: Stripe.Charge,
  input: NewDispute,
): { dispute: Stripe.Dispute; charge: Stripe.Charge } {
  const opened = buildDispute(context, charge, input);
  insertObject(context.store, "dispute", opened, {});
  const disputed: Stripe.Charge = { ...charge, disputed: true };
  saveObject(context.store, "charge", disputed);
  const dispute = input.isInquiry ? opened : withdrawFunds(context, opened);
  planDue(context.store, {
    at: endOfDispute(dispute, context.now),
    kind: "expire_dispute",
    objectId: dispute.id,
  });
  emitEvent(context, "charge.dispute.created", dispute);
  if (!input.isInquiry) tellFunds(context, dispute, "withdrawn");
  retireFraudWarnings(context, charge.id);
  return { dispute, charge: disputed };
}

function buildDispute(context: Context, charge: Stripe.Charge, input: NewDispute): Stripe.Dispute {
  const brand = charge.payment_method_details?.card?.brand ?? "unknown";
  const networkReasonCode = networkCodeOf(brand, input.reason, input.isInquiry);
  return {
    id: newId("du"),
    object: "dispute",
    amount: input.amount,
    balance_transactions: [],
    charge: charge.id,
    created: context.now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: NO_EVIDENCE,
    evidence_details: {
      due_by: dueByOf(context.now),
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "not_submitted",
    },
    intended_submission_method: null,
    is_charge_refundable: input.isInquiry,
    livemode: false,
    metadata: {},
    network_reason_code: networkReasonCode,
    payment_intent: charge.payment_intent === null ? null : idOf(charge.payment_intent),
    payment_method_details: {
      card: {
        brand,
        case_type: input.isInquiry ? "inquiry" : "chargeback",
        network: brand,
        network_reason_code: networkReasonCode,
      },
      type: "card",
    },
    reason: input.reason,
    status: input.isInquiry ? "warning_needs_response" : "needs_response",
  };
}

const NO_EVIDENCE: Stripe.Dispute.Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};
