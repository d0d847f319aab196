import { type Html, html } from "@/local/stripe/html";
import type { Lab } from "@/local/stripe/lab/lab";
import { actionForm, choice, field } from "./action-form";
import { timeText } from "./time-text";

const DAY_MS = 24 * 60 * 60 * 1000;
const SPANS: readonly (readonly [string, string])[] = [
  [String(DAY_MS / 24), "an hour"],
  [String(DAY_MS), "a day"],
  [String(7 * DAY_MS), "a week"],
  [String(31 * DAY_MS), "31 days"],
  [String(366 * DAY_MS), "a year"],
];
const IN_STEPS = html`<input type="hidden" name="in_steps" value="true">`;

/** Where business time stands, and the ways to move it. */
export function renderClock(lab: Lab, back: string): Html {
  const days = (lab.clock.offsetMs() / DAY_MS).toFixed(1);
  const running = lab.jobs.running;
  return html`<section class="card" aria-labelledby="clock"><h2 id="clock">Clock</h2>
<p>It is <strong>${timeText(lab.clock.now())}</strong> UTC, ${days} days from the wall clock.</p>
${running && html`<p><a href="/dashboard/jobs/${running.id}">The clock is on its way to ${timeText(running.to)}.</a></p>`}
${actionForm({
  call: "/clock",
  back,
  className: "row",
  button: "Move on",
  fields: html`${choice("span", "advance_ms", "By", SPANS)}${IN_STEPS}`,
})}
${actionForm({
  call: "/clock",
  back,
  className: "row",
  button: "Move to",
  fields: html`${field("date", "to", "To (UTC)", html` type="datetime-local" step="1" required`)}${IN_STEPS}`,
})}</section>`;
}

/** A button that moves the clock to a moment in an object's life. */
export function renderJump(
  name: "next_renewal" | "trial_end" | "end_of_retries",
  id: string,
  button: string,
  back: string,
): Html {
  return actionForm({
    call: "/clock",
    back,
    className: "inline",
    button,
    fields: html`<input type="hidden" name="to[${name}]" value="${id}">${IN_STEPS}`,
  });
}
