import { type Html, html } from "@/local/stripe/html";
import { readBillingSettings } from "@/local/stripe/lab/billing-settings";
import { DECLINE_REASONS } from "@/local/stripe/lab/forced-declines";
import type { Lab } from "@/local/stripe/lab/lab";
import { scenarioOf } from "@/local/stripe/lab/recorder";
import { listSnapshots } from "@/local/stripe/lab/snapshots";
import { actionForm, choice, field } from "./action-form";
import { renderClock } from "./clock-forms";
import type { Page } from "./page";
import { renderTroubles } from "./troubles";

const BACK = "/dashboard/controls";

const DISTURBANCES = [
  ["twice", "deliver twice"],
  ["reverse", "deliver in reversed order"],
  ["late", "deliver late"],
  ["never", "never deliver"],
  ["lose_answer", "deliver and lose the answer"],
] as const;

/** Everything that can be made to happen. */
export function controlsPage(lab: Lab): Page {
  const statuses = [
    ["", "as it is"],
    ["429", "429, too many requests"],
    ["500", "500, it failed"],
  ] as const;
  const reasons = DECLINE_REASONS.map((reason) => [reason, reason] as const);
  return {
    title: "Controls",
    body: html`<h2>In force</h2>
${renderTroubles(lab, BACK)}
<div class="columns">${renderClock(lab, BACK)}
<section class="card" aria-labelledby="api"><h2 id="api">Fail the next API calls</h2>
${actionForm({
  call: "/faults",
  back: BACK,
  button: "Set",
  fields: html`${field("route", "route", "Call (all, if empty)", html` placeholder="POST /v1/customers"`)}
${choice("status", "status", "Answer", statuses)}
${field("count", "count", "How many calls", html` type="number" min="1" max="10000" value="1"`)}
${field("delay", "delay_ms", "Late by milliseconds", html` type="number" min="0" max="120000"`)}
<label><input type="checkbox" name="drop_after" value="true">Do it and lose the answer</label>
<label><input type="checkbox" name="time_out" value="true">Never answer</label>`,
})}</section>
<section class="card" aria-labelledby="decline"><h2 id="decline">Fail the next charges</h2>
${actionForm({
  call: "/declines",
  back: BACK,
  button: "Decline them",
  fields: html`${field("customer", "customer", "Customer", html` placeholder="cus_…"`)}
${field("subscription", "subscription", "or subscription", html` placeholder="sub_…"`)}
${choice("reason", "reason", "Reason", reasons)}
${field("charges", "count", "How many charges", html` type="number" min="1" max="1000" value="1"`)}`,
})}</section>
<section class="card" aria-labelledby="deliveries"><h2 id="deliveries">Disturb the next deliveries</h2>
${actionForm({
  call: "/delivery-rules",
  back: BACK,
  button: "Disturb them",
  fields: html`${choice("action", "action", "How", DISTURBANCES)}
${field("late", "late_by_seconds", "Late by seconds (only for late)", html` type="number" min="1"`)}
${field("events", "count", "How many", html` type="number" min="1" max="1000" value="1"`)}
${field("type", "type", "Event type (all, if empty)", html` placeholder="invoice.paid"`)}
${field("endpoint", "endpoint", "Endpoint (all, if empty)", html` placeholder="we_…"`)}`,
})}</section>
<section class="card" aria-labelledby="snapshots"><h2 id="snapshots">Snapshots</h2>
<ul>${listSnapshots(lab.snapshots).map((name) => html`<li>${name} ${actionForm({ call: `/snapshots/${name}/restore`, back: BACK, button: "Go back to it", className: "inline", isQuiet: true })}</li>`)}</ul>
${actionForm({ call: "/snapshots", back: BACK, button: "Keep everything as it is", fields: field("name", "name", "Name", html` required pattern="[\\w\\-]+" maxlength="60"`) })}</section>
${renderRecording(lab)}
${renderSettings(lab)}
<section class="card" aria-labelledby="reset"><h2 id="reset">Begin afresh</h2>
<p>Forgets everything, and the clock is the present's.</p>
${actionForm({
  call: "/reset",
  back: BACK,
  button: "Forget everything",
  fields: field("seed", "seed", "Seed of the ids (random, if empty)", html` inputmode="numeric"`),
})}</section></div>`,
  };
}

function renderRecording({ recorder: { recording } }: Lab): Html {
  const form = recording
    ? html`<label for="recorded">${recording.lines.length} calls so far; copy them before you end it</label>
<textarea id="recorded" rows="6" readonly>${scenarioOf(recording)}</textarea>
${actionForm({ call: "/recording", method: "DELETE", back: BACK, button: "End the recording" })}`
    : html`${actionForm({ call: "/recording", back: BACK, button: "Record from now on" })}
${actionForm({
  call: "/replay",
  back: BACK,
  button: "Replay",
  isQuiet: true,
  fields: html`<label for="scenario">A scenario that was recorded</label><textarea id="scenario" name="scenario" rows="4" required></textarea>
<label><input type="checkbox" name="reset" value="true">Forget everything first</label>`,
})}`;
  return html`<section class="card" aria-labelledby="recording"><h2 id="recording">Record and replay</h2>${form}</section>`;
}

const AFTER_DUNNING = [
  ["cancel", "cancel it"],
  ["mark_unpaid", "mark it unpaid"],
  ["leave_past_due", "leave it past due"],
] as const;
const INVOICE_AFTER_DUNNING = [
  ["leave_open", "leave it open"],
  ["mark_uncollectible", "mark it uncollectible"],
] as const;

function renderSettings(lab: Lab): Html {
  const settings = readBillingSettings(lab.store);
  const fields = html`${choice("final", "subscription_after_final_retry", "Subscription after the last retry", AFTER_DUNNING, settings.subscription_after_final_retry)}
${choice("invoice", "invoice_after_final_retry", "Invoice after the last retry", INVOICE_AFTER_DUNNING, settings.invoice_after_final_retry)}
${choice("sent", "subscription_after_days_past_due", "Subscription whose sent invoice stays unpaid", AFTER_DUNNING, settings.subscription_after_days_past_due)}
${field("days", "days_past_due", "for so many days", html` type="number" min="30" max="90" value="${settings.days_past_due}"`)}`;
  return html`<section class="card" aria-labelledby="settings"><h2 id="settings">Failed payments</h2>
${actionForm({ call: "/settings", back: BACK, button: "Save", fields })}</section>`;
}
