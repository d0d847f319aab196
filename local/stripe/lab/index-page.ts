import { html } from "@/local/stripe/html";
import { renderPage } from "@/local/stripe/page-layout";
import { listObjects } from "@/local/stripe/store/list-objects";
import { countObjects, type Lab } from "./lab-api";

/** What a person sees who opens the server's address: what it is and what happened last. */
export function renderIndexPage(lab: Lab): string {
  const events = listObjects(lab.store, "event", { filters: [], limit: 20 }).data;
  const sessions = listObjects(lab.store, "checkout.session", { filters: [], limit: 5 }).data;
  const now = new Date(lab.clock.now() * 1000).toISOString();
  const offsetDays = (lab.clock.offsetMs() / 86_400_000).toFixed(1);
  return renderPage(
    "Local Stripe",
    html`<h1>Local Stripe</h1>
<p>A stand-in for the Stripe API at <code>${lab.baseUrl}/v1</code>. Its time is <code>${now}</code>, ${offsetDays} days ahead of the wall clock.</p>
<h2>Objects</h2>
<table><tbody>${Object.entries(countObjects(lab.store)).map(([type, count]) => html`<tr><th scope="row">${type}</th><td>${count}</td></tr>`)}</tbody></table>
<h2>Latest checkout sessions</h2>
${sessions.length === 0 && html`<p class="soft">None yet.</p>`}
<ul>${sessions.map((session) => html`<li>${session.url ? html`<a href="/c/pay/${session.id}">${session.mode}, ${session.status}</a>` : html`${session.mode}, ${session.status}`}</li>`)}</ul>
<h2>Latest events</h2>
${events.length === 0 && html`<p class="soft">None yet.</p>`}
<table><tbody>${events.map((event) => html`<tr><td>${event.type}</td><td><code>${event.id}</code></td></tr>`)}</tbody></table>`,
  );
}
