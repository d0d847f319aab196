import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { flag, hash, metadata, optional, type Param, type ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { planDue } from "@/local/stripe/time/due";
import { alreadyClosed, DECISIVE_EVIDENCE } from "./close-dispute";
import { isClosed, isInquiry } from "./dispute-terms";

/** How long the bank of test mode takes to decide. */
const DECISION_SECONDS = 5;

const MAX_FIELD_LENGTH = 20_000;
const MAX_LENGTH = 150_000;

/** What evidence says in words; files cannot be uploaded. */
const evidence = {
  access_activity_log: words(),
  billing_address: words(),
  cancellation_policy_disclosure: words(),
  cancellation_rebuttal: words(),
  customer_email_address: words(),
  customer_name: words(),
  customer_purchase_ip: words(),
  duplicate_charge_explanation: words(),
  duplicate_charge_id: words(),
  product_description: words(),
  refund_policy_disclosure: words(),
  refund_refusal_explanation: words(),
  service_date: words(),
  shipping_address: words(),
  shipping_carrier: words(),
  shipping_date: words(),
  shipping_tracking_number: words(),
  uncategorized_text: words(),
};

export const disputeUpdateParams = { evidence: hash(evidence), metadata: metadata(), submit: flag() };

/**
 * Stages evidence, or submits all there is to the bank, which is possible once.
 * https://docs.stripe.com/api/disputes/update
 */
export function answerDispute(
  context: Context,
  before: Stripe.Dispute,
  params: ParamsOf<typeof disputeUpdateParams>,
): Stripe.Dispute {
  if (isClosed(before.status)) throw alreadyClosed();
  const isAnswer = params.evidence !== undefined || params.submit === true;
  if (isAnswer && before.status.endsWith("under_review")) {
    throw invalidRequest("Evidence for this dispute was already submitted; it can be submitted only once.");
  }
  const staged = withEvidence(before, params.evidence ?? {});
  const changed: Stripe.Dispute = { ...staged, metadata: mergeMetadata(before.metadata, params.metadata) };
  const isSubmitted = isAnswer && params.submit !== false && changed.evidence_details.has_evidence;
  const dispute = isSubmitted ? submitted(changed) : changed;
  saveAndTell(context, "dispute", dispute, before, "charge.dispute.updated");
  if (isSubmitted && DECISIVE_EVIDENCE.includes(dispute.evidence.uncategorized_text ?? "")) {
    const at = context.now + DECISION_SECONDS;
    planDue(context.store, { at, kind: "decide_dispute", objectId: dispute.id });
  }
  return dispute;
}

/** An empty text takes a field back. */
function withEvidence(
  dispute: Stripe.Dispute,
  change: Partial<Record<keyof typeof evidence, string | null>>,
): Stripe.Dispute {
  const merged: Stripe.Dispute.Evidence = { ...dispute.evidence, ...change };
  const texts = Object.values(merged).filter((value) => typeof value === "string");
  if (texts.join("").length > MAX_LENGTH) {
    throw invalidRequest(
      `The combined character count of all evidence fields is limited to ${MAX_LENGTH.toLocaleString("en-US")}.`,
      { param: "evidence" },
    );
  }
  return {
    ...dispute,
    evidence: merged,
    evidence_details: { ...dispute.evidence_details, has_evidence: texts.length > 0 },
  };
}

function submitted(dispute: Stripe.Dispute): Stripe.Dispute {
  const { evidence_details: details } = dispute;
  return {
    ...dispute,
    evidence_details: {
      ...details,
      submission_count: details.submission_count + 1,
      submission_method: "manual",
    },
    status: isInquiry(dispute.status) ? "warning_under_review" : "under_review",
  };
}

function words(): Param<string | null> {
  return optional((value, path) => {
    if (typeof value !== "string") throw invalidRequest("Invalid string", { param: path });
    if (value.length > MAX_FIELD_LENGTH) {
      const message = `Invalid string: ${value.slice(0, 6)}…; must be at most ${MAX_FIELD_LENGTH} characters`;
      throw invalidRequest(message, { param: path });
    }
    return value === "" ? null : value;
  });
}
