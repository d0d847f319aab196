import type Stripe from "stripe";
import { bankAccountName } from "@/local/stripe/bank-debits/bank-account-name";
import { type Html, html } from "@/local/stripe/html";
import { DECLINE_REASONS } from "@/local/stripe/lab/forced-declines";
import type { Lab } from "@/local/stripe/lab/lab";
import { formatMoney } from "@/local/stripe/money";
import { cardName } from "@/local/stripe/payment-methods/card-name";
import { listAllObjects, listObjects, ofCustomer } from "@/local/stripe/store/list-objects";
import { findObject } from "@/local/stripe/store/store";
import { businessTimeOf } from "@/local/stripe/time/business-time";
import { actionForm, choice } from "./action-form";
import { renderJump } from "./clock-forms";
import { renderPayments } from "./customer-payments";
import { objectLink, pagePathOf } from "./object-link";
import type { Page, PageRequest } from "./page";
import { statusText } from "./status-text";
import { renderTable } from "./table";
import { timeText } from "./time-text";
import { renderTimeline } from "./timeline";

const LATEST = 20;

/** A customer: who it is, its subscriptions on a timeline, its cards and payments, and what can be done to it. */
export function customerPage(lab: Lab, { id }: PageRequest): Page | null {
  const customer = findObject(lab.store, "customer", id);
  if (!customer) return null;
  const back = pagePathOf(id);
  const filters = [ofCustomer(id)];
  const subscriptions = listAllObjects(lab.store, "subscription", filters);
  const invoices = listObjects(lab.store, "invoice", { filters, limit: LATEST }).data;
  const { now, testClock } = businessTimeOf(lab.store, [id]);
  return {
    title: customer.email ?? customer.name ?? id,
    body: html`<div class="columns"><section class="card" aria-labelledby="who"><h2 id="who">Customer</h2><dl class="facts">
<dt>Id</dt><dd>${objectLinkToJson(id)}</dd><dt>Name</dt><dd>${customer.name ?? "–"}</dd>
<dt>Its time</dt><dd>${timeText(now)}${testClock !== null && html`, by ${objectLink(testClock)}`}</dd>
<dt>Balance</dt><dd>${sayBalance(customer)}</dd><dt>Delinquent</dt><dd>${customer.delinquent === true ? "yes" : "no"}</dd>
<dt>Default card</dt><dd>${objectLink(customer.invoice_settings.default_payment_method)}</dd></dl></section>
<section class="card" aria-labelledby="fail"><h2 id="fail">Fail the next charge</h2>
${actionForm({ call: "/declines", back, button: "Decline it", fields: html`<input type="hidden" name="customer" value="${id}">${choice("reason", "reason", "Reason", reasons())}` })}</section></div>
<h2>Subscriptions</h2>
${subscriptions.length === 0 && html`<p class="soft">None.</p>`}
${subscriptions.map((subscription) => renderSubscription(lab, subscription, back))}
<h2>Payment methods</h2>
${renderMethods(listAllObjects(lab.store, "payment_method", filters), back)}
<h2>Latest invoices</h2>
${renderTable(
  "Latest invoices",
  ["Number", "Status", "Total", "Attempts", "Created"],
  invoices.map((one) => [
    objectLink(one.id, one.number ?? one.id),
    statusText(one.status),
    formatMoney(one.total, one.currency),
    one.attempt_count,
    timeText(one.created),
  ]),
)}
${renderPayments(lab, id, back)}`,
  };
}

function reasons(): [string, string][] {
  return DECLINE_REASONS.map((reason) => [reason, reason]);
}

function objectLinkToJson(id: string): Html {
  return html`<a href="/dashboard/objects/${id}"><code>${id}</code></a>`;
}

function sayBalance({ balance, currency }: Stripe.Customer): string {
  if (balance === 0 || !currency) return "0";
  const amount = formatMoney(Math.abs(balance), currency);
  return balance < 0 ? `${amount} in its favour` : `${amount} owed`;
}

function renderSubscription(lab: Lab, subscription: Stripe.Subscription, back: string): Html {
  const { id, status } = subscription;
  const isLive = !["canceled", "incomplete_expired"].includes(status);
  return html`<section class="card" aria-labelledby="${id}"><h3 id="${id}">${objectLink(id)} ${statusText(status)}</h3>
${renderTimeline(lab, subscription)}
${isLive && html`<p>${renderJump("next_renewal", id, "Jump to the next renewal", back)}</p>`}
${status === "trialing" && html`<p>${renderJump("trial_end", id, "Jump to the trial's end", back)}</p>`}
${status === "past_due" && typeof subscription.latest_invoice === "string" && html`<p>${renderJump("end_of_retries", subscription.latest_invoice, "Jump to the end of retries", back)}</p>`}
</section>`;
}

function renderMethods(methods: Stripe.PaymentMethod[], back: string): Html {
  const rows = methods.map(({ id, type, card, us_bank_account: account }) => [
    objectLink(id),
    card ? cardName(card) : account ? bankAccountName(account) : type,
    card ? `${card.exp_month}/${card.exp_year}` : "–",
    card
      ? actionForm({ call: `/payment_methods/${id}/expire`, back, button: "Let it expire", isQuiet: true })
      : "–",
  ]);
  return renderTable("Payment methods", ["Id", "Method", "Expires", "Action"], rows);
}
