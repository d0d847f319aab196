import { html } from "@/local/stripe/html";
import type { Lab } from "@/local/stripe/lab/lab";
import { findObject } from "@/local/stripe/store/store";
import { listDeliveries } from "@/local/stripe/webhook-endpoints/deliveries";
import { actionForm } from "./action-form";
import { objectLink, pagePathOf } from "./object-link";
import { renderJson } from "./object-page";
import type { Page, PageRequest } from "./page";
import { statusText } from "./status-text";
import { renderTable } from "./table";
import { timeText } from "./time-text";

const LATEST = 50;

/** An event with everything it was delivered to, attempt by attempt. */
export function eventPage(lab: Lab, { id }: PageRequest): Page | null {
  const event = findObject(lab.store, "event", id);
  if (!event) return null;
  const deliveries = listDeliveries(lab.store, { event: id }, LATEST);
  const rows = deliveries.flatMap((delivery) => {
    const about = [`#${delivery.id}`, objectLink(delivery.endpoint), statusText(delivery.status)];
    const next = timeText(delivery.next_attempt_at);
    if (delivery.attempts.length === 0) return [[...about, "none yet", "–", next]];
    return delivery.attempts.map((attempt) => [
      ...about,
      html`${timeText(Math.floor(attempt.at_ms / 1000))}, ${attempt.duration_ms} ms`,
      attempt.error ?? `Answered ${attempt.response_status}.`,
      next,
    ]);
  });
  return {
    title: event.type,
    body: html`<dl class="facts"><dt>Id</dt><dd><code>${id}</code></dd><dt>At</dt><dd>${timeText(event.created)}</dd>
<dt>Object</dt><dd>${"id" in event.data.object ? objectLink(String(event.data.object.id)) : "–"}</dd></dl>
<h2>Deliveries</h2>
${renderTable("Deliveries", ["Delivery", "Endpoint", "Status", "Attempt (wall clock)", "Answer", "Next attempt"], rows, "It was delivered to nobody.")}
${actionForm({ call: `/events/${id}/redeliver`, back: pagePathOf(id), button: "Send again", className: "row" })}
<h2>As JSON</h2>
${renderJson(lab, event)}`,
  };
}
