import { type Html, html } from "@/local/stripe/html";

const BAD = [
  "canceled",
  "disabled",
  "failed",
  "incomplete_expired",
  "lost",
  "needs_response",
  "past_due",
  "requires_payment_method",
  "uncollectible",
  "unpaid",
  "warning_needs_response",
];

/** A status as Stripe has it; what somebody should look at stands out. */
export function statusText(status: string | null): Html {
  if (status === null) return html`–`;
  return html`<span class="status${BAD.includes(status) && " bad"}">${status}</span>`;
}
