import type Stripe from "stripe";
import { type Html, html } from "@/local/stripe/html";
import { paymentIdOf } from "@/local/stripe/invoices/invoice-payment";
import type { Lab } from "@/local/stripe/lab/lab";
import { formatMoney } from "@/local/stripe/money";
import { idOf } from "@/local/stripe/references";
import { fieldEquals, listObjects, ofCustomer } from "@/local/stripe/store/list-objects";
import { findObject } from "@/local/stripe/store/store";
import { listDueOf, sayDue } from "./next-due";
import { objectLink } from "./object-link";
import { timeText } from "./time-text";

type Entry = { at: number; what: Html; isNext?: boolean };

/** So many invoices are told of; older ones are on the list of invoices. */
const LATEST = 12;

/** The life of a subscription in order of time: its trial, periods, invoices, attempts, and what will happen next and when. */
export function renderTimeline(lab: Lab, subscription: Stripe.Subscription): Html {
  const invoices = listObjects(lab.store, "invoice", {
    filters: [
      ofCustomer(idOf(subscription.customer)),
      fieldEquals("$.parent.subscription_details.subscription", subscription.id),
    ],
    limit: LATEST,
  }).data;
  const past = [
    ...milestones(subscription),
    ...invoices.reverse().flatMap((invoice) => entriesOf(lab, invoice)),
  ].sort((one, other) => one.at - other.at);
  const ids = [subscription.id, ...invoices.map(({ id }) => id)];
  const next: Entry[] = listDueOf(lab.store, ids).map(({ at, kind, objectId }) => ({
    at,
    what: html`will ${sayDue(kind)}${objectId !== subscription.id && html` ${objectLink(objectId)}`}`,
    isNext: true,
  }));
  return html`<ol class="timeline">${[...past, ...next].map(
    ({ at, what, isNext }) => html`<li${isNext === true && html` class="next"`}>${timeText(at)} ${what}</li>`,
  )}</ol>`;
}

function milestones(subscription: Stripe.Subscription): Entry[] {
  const { created, start_date: started, trial_start, trial_end, ended_at, canceled_at } = subscription;
  const entries: [number | null, string][] = [
    [created, started < created ? `created, backdated` : "created"],
    [trial_start, `trial begins`],
    [subscription.status === "trialing" ? null : trial_end, "trial ends"],
    [canceled_at === ended_at ? null : canceled_at, "cancellation asked for"],
    [ended_at, `ended: ${subscription.status}`],
  ];
  return entries.flatMap(([at, what]) => (at === null ? [] : [{ at, what: html`${what}` }]));
}

function entriesOf(lab: Lab, invoice: Stripe.Invoice): Entry[] {
  const line = invoice.lines.data[0];
  const period = line && html`, for ${timeText(line.period.start)} to ${timeText(line.period.end)}`;
  const made: Entry = {
    at: invoice.created,
    what: html`invoice ${objectLink(invoice.id, invoice.number ?? invoice.id)} over ${formatMoney(invoice.total, invoice.currency)}${period ?? null}: ${invoice.status ?? ""}`,
  };
  return [made, ...attemptsOf(lab, invoice)];
}

function attemptsOf(lab: Lab, invoice: Stripe.Invoice): Entry[] {
  const intent = findObject(lab.store, "invoice_payment", paymentIdOf(invoice.id))?.payment.payment_intent;
  if (!intent || invoice.customer === null) return [];
  const charges = listObjects(lab.store, "charge", {
    filters: [ofCustomer(idOf(invoice.customer)), fieldEquals("$.payment_intent", idOf(intent))],
    limit: LATEST,
  }).data;
  return charges.reverse().map((charge) => ({
    at: charge.created,
    what: html`charge ${objectLink(charge.id)} of ${formatMoney(charge.amount, charge.currency)}: ${sayOutcome(charge)}`,
  }));
}

function sayOutcome(charge: Stripe.Charge): string {
  if (charge.status !== "failed") return charge.refunded ? "paid and refunded" : "paid";
  return `declined, ${charge.outcome?.reason ?? charge.failure_code ?? "for no reason given"}`;
}
