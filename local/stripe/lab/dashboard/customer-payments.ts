import type Stripe from "stripe";
import { DISPUTE_REASONS, isClosed, isInquiry } from "@/local/stripe/disputes/dispute-terms";
import { type Html, html } from "@/local/stripe/html";
import type { Lab } from "@/local/stripe/lab/lab";
import { formatMoney } from "@/local/stripe/money";
import { idOf } from "@/local/stripe/references";
import { fieldEquals, listAllObjects, listObjects, ofCustomer } from "@/local/stripe/store/list-objects";
import { actionForm } from "./action-form";
import { objectLink } from "./object-link";
import { statusText } from "./status-text";
import { renderTable } from "./table";
import { timeText } from "./time-text";

const LATEST = 20;

/** A customer's charges, with what can be done to each, and the disputes over any of them. */
export function renderPayments(lab: Lab, customer: string, back: string): Html {
  const filters = [ofCustomer(customer)];
  const charges = listObjects(lab.store, "charge", { filters, limit: LATEST }).data;
  const disputed = listAllObjects(lab.store, "charge", filters).filter((charge) => charge.disputed);
  const disputes = disputed.flatMap(({ id }) =>
    listAllObjects(lab.store, "dispute", [fieldEquals("$.charge", id)]),
  );
  return html`<h2>Latest charges</h2>
${renderTable(
  "Latest charges",
  ["Id", "Status", "Amount", "At (UTC)", "Refund", "Dispute"],
  charges.map((one) => [
    objectLink(one.id),
    statusText(one.status),
    sayAmount(one),
    timeText(one.created),
    renderRefund(one, back),
    renderDisputing(one, back),
  ]),
)}
${disputes.length > 0 && renderDisputes(disputes, back)}`;
}

function sayAmount({ amount, amount_refunded: refunded, currency }: Stripe.Charge): string {
  const sum = formatMoney(amount, currency);
  return refunded === 0 ? sum : `${sum}, ${formatMoney(refunded, currency)} refunded`;
}

function renderRefund(charge: Stripe.Charge, back: string): Html | string {
  if (charge.status !== "succeeded" || charge.refunded) return "–";
  return actionForm({ call: `/charges/${charge.id}/refund`, back, button: "Refund", isQuiet: true });
}

function renderDisputing(charge: Stripe.Charge, back: string): Html | string {
  if (charge.disputed) return "disputed";
  if (charge.status !== "succeeded" || charge.refunded || !charge.payment_method_details?.card) return "–";
  const fields = html`<select name="reason" aria-label="Reason of the dispute">${DISPUTE_REASONS.map(
    (reason) =>
      html`<option value="${reason}"${reason === "fraudulent" && html` selected`}>${reason}</option>`,
  )}</select> `;
  return actionForm({
    call: `/charges/${charge.id}/dispute`,
    back,
    button: "Dispute",
    fields,
    className: "in-cell",
    isQuiet: true,
  });
}

function renderDisputes(disputes: Stripe.Dispute[], back: string): Html {
  return html`<h2>Disputes</h2>
${renderTable(
  "Disputes",
  ["Id", "Status", "Charge", "Reason", "Evidence due (UTC)", "The bank decides"],
  disputes.map((one) => [
    objectLink(one.id),
    statusText(one.status),
    objectLink(idOf(one.charge), formatMoney(one.amount, one.currency)),
    one.reason,
    timeText(isClosed(one.status) ? null : one.evidence_details.due_by),
    renderDecisions(one, back),
  ]),
)}`;
}

/** What the bank can decide, evidence or not. */
function renderDecisions({ id, status }: Stripe.Dispute, back: string): Html | string {
  if (isClosed(status)) return "–";
  const decisions = isInquiry(status)
    ? [decision("escalated", "Escalate"), decision("lost", "Close")]
    : [decision("won", "Won"), decision("lost", "Lost")];
  return html`<div class="in-cell">${decisions.map(([outcome, button]) =>
    actionForm({
      call: `/disputes/${id}/decide`,
      back,
      button,
      fields: html`<input type="hidden" name="outcome" value="${outcome}">`,
      isQuiet: true,
    }),
  )}</div>`;
}

function decision(outcome: string, button: string): [string, string] {
  return [outcome, button];
}
