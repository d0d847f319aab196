import { html } from "@/local/stripe/html";
import type { Lab } from "@/local/stripe/lab/lab";
import { actionForm } from "./action-form";
import type { Page, PageRequest } from "./page";
import { timeText } from "./time-text";

/** A jump of the clock while it goes on. The browser loads it again each second until it has ended. */
export function jobPage(lab: Lab, { id, query }: PageRequest): Page | null {
  const job = lab.jobs.byId.get(id);
  if (!job) return null;
  const asked = query.get("back") ?? "/";
  const back = /^\/(?![/\\])/.test(asked) ? asked : "/";
  const path = `/dashboard/jobs/${id}?back=${encodeURIComponent(back)}`;
  const percent = Math.round(job.progress * 100);
  return {
    title: "The clock moves",
    isUnderWay: job.status === "running",
    body: html`<p>From ${timeText(job.from)} to ${timeText(job.to)}: <strong>${job.status}</strong>. It is ${timeText(lab.clock.now())}.</p>
<p><progress max="100" value="${percent}" aria-label="Progress">${percent} %</progress></p>
${job.error !== null && html`<p class="alert" role="alert">${job.error}</p>`}
${job.status === "running" ? actionForm({ call: `/jobs/${id}/stop`, back: path, button: "Stop here", className: "row" }) : html`<p><a href="${back}">Go on</a></p>`}`,
  };
}
