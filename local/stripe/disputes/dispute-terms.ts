import type Stripe from "stripe";
import { minorDigits } from "@/local/stripe/currencies";

/** Why cardholders dispute charges. https://docs.stripe.com/disputes/categories */
export const DISPUTE_REASONS = [
  "credit_not_processed",
  "duplicate",
  "fraudulent",
  "general",
  "product_not_received",
  "product_unacceptable",
  "subscription_canceled",
  "unrecognized",
] as const;

export type DisputeReason = (typeof DISPUTE_REASONS)[number];

/** What networks call the reasons. https://docs.stripe.com/disputes/categories#network-code-map */
const NETWORK_CODES: Record<string, Partial<Record<DisputeReason, string>>> = {
  visa: {
    credit_not_processed: "13.6",
    duplicate: "12.6.1",
    fraudulent: "10.4",
    product_not_received: "13.1",
    product_unacceptable: "13.3",
    subscription_canceled: "13.2",
  },
  mastercard: { duplicate: "4834", fraudulent: "4837", product_not_received: "4853" },
};

const DAY_SECONDS = 24 * 60 * 60;
const RESPONSE_DAYS = 8;

/** Inquiries that are not escalated until then are closed. https://docs.stripe.com/disputes/how-disputes-work#inquiries */
const INQUIRY_DAYS = 120;

/** The network's own code for a reason, or null where none is known. */
export function networkCodeOf(network: string, reason: string, isInquiry: boolean): string | null {
  if (isInquiry) return network === "visa" ? "10" : null;
  const known = DISPUTE_REASONS.find((one) => one === reason);
  return (known && NETWORK_CODES[network]?.[known]) ?? null;
}

/** Evidence is due at the end of a day. https://docs.stripe.com/api/disputes/object#dispute_object-evidence_details-due_by */
export function dueByOf(now: number): number {
  return (Math.floor(now / DAY_SECONDS) + RESPONSE_DAYS + 1) * DAY_SECONDS - 1;
}

/** When a dispute that nobody decided is over. */
export function endOfDispute({ status }: Stripe.Dispute, now: number): number {
  return isInquiry(status) ? now + INQUIRY_DAYS * DAY_SECONDS : dueByOf(now) + 1;
}

/** Whether the bank only asks: no money was taken. */
export function isInquiry(status: string): boolean {
  return status.startsWith("warning_");
}

/** Whether nothing more will become of it. */
export function isClosed(status: string): boolean {
  return ["won", "lost", "warning_closed"].includes(status);
}

/** What Stripe takes for a dispute: 15.00 in the United States. https://stripe.com/pricing */
export function disputeFee(currency: string): number {
  return minorDigits(currency) === 3 ? 15_000 : 1500;
}
