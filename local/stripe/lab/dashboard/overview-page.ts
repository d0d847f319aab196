import { type Html, html } from "@/local/stripe/html";
import { countObjects } from "@/local/stripe/lab/count-objects";
import type { Lab } from "@/local/stripe/lab/lab";
import { listObjects } from "@/local/stripe/store/list-objects";
import { renderClock } from "./clock-forms";
import { listNextDue, sayDue } from "./next-due";
import { objectLink } from "./object-link";
import type { Page } from "./page";
import { renderTable } from "./table";
import { timeText } from "./time-text";
import { renderTroubles } from "./troubles";

const LIST_PAGES: Record<string, string> = {
  customer: "customers",
  event: "events",
  invoice: "invoices",
  payment_intent: "payments",
  subscription: "subscriptions",
  webhook_endpoint: "endpoints",
};

/** What a person sees who opens the server's address: the time, what there is, what comes next, what is set to go wrong. */
export function overviewPage(lab: Lab): Page {
  const events = listObjects(lab.store, "event", { filters: [], limit: 10 }).data;
  const sessions = listObjects(lab.store, "checkout.session", { filters: [], limit: 5 }).data;
  const due = listNextDue(lab.store, 15);
  return {
    title: "Overview",
    body: html`<p>A stand-in for the Stripe API at <code>${lab.baseUrl}/v1</code>; its secret key is <code>sk_test_local</code>.</p>
<div class="columns">${renderClock(lab, "/")}
<section class="card" aria-labelledby="counts"><h2 id="counts">Objects</h2>
<table><tbody>${Object.entries(countObjects(lab.store)).map(([type, count]) => html`<tr><th scope="row">${listLink(type)}</th><td>${count}</td></tr>`)}</tbody></table></section>
</div>
<h2>What falls due next</h2>
${renderTable(
  "What falls due next",
  ["At (UTC)", "What", "Object"],
  due.map((work) => [timeText(work.at), sayDue(work.kind), objectLink(work.objectId)]),
  "Nothing is planned.",
)}
<h2>What is set to go wrong</h2>
${renderTroubles(lab, "/")}
<h2>Latest events</h2>
${renderTable(
  "Latest events",
  ["Type", "At (UTC)", "Id"],
  events.map((event) => [event.type, timeText(event.created), objectLink(event.id)]),
  "None yet.",
)}
<h2>Latest checkout sessions</h2>
${renderTable(
  "Latest checkout sessions",
  ["Mode", "Status", "Page", "Id"],
  sessions.map((one) => [
    one.mode,
    one.status ?? "–",
    one.url === null ? "–" : html`<a href="/c/pay/${one.id}">open</a>`,
    objectLink(one.id),
  ]),
  "None yet.",
)}`,
  };
}

function listLink(type: string): Html {
  const page = LIST_PAGES[type];
  return page === undefined ? html`${type}` : html`<a href="/dashboard/${page}">${type}</a>`;
}
