import { type Html, html } from "@/local/stripe/html";
import type { Fault } from "@/local/stripe/lab/faults";
import { listForcedDeclines } from "@/local/stripe/lab/forced-declines";
import type { Lab } from "@/local/stripe/lab/lab";
import { type DeliveryRule, listRules } from "@/local/stripe/webhook-endpoints/delivery-rules";
import { actionForm } from "./action-form";
import { objectLink } from "./object-link";

/** Faults of the API, declines and rules for deliveries that wait, each with a way to take it back. */
export function renderTroubles(lab: Lab, back: string): Html {
  const takeBack = (call: string): Html =>
    actionForm({ call, method: "DELETE", back, button: "Take back", className: "inline", isQuiet: true });
  const faults = lab.faults.map(
    (fault) => html`<li>${sayFault(fault)} ${takeBack(`/faults/${fault.id}`)}</li>`,
  );
  const declines = listForcedDeclines(lab.store).map(
    ({ id, object, reason, remaining }) =>
      html`<li>The next ${remaining === 1 ? "charge" : `${remaining} charges`} of ${objectLink(object)}: declined, ${reason} ${takeBack(`/declines/${id}`)}</li>`,
  );
  const rules = listRules(lab.store).map(
    (rule) => html`<li>${sayRule(rule)} ${takeBack(`/delivery-rules/${rule.id}`)}</li>`,
  );
  const all = [...faults, ...declines, ...rules];
  return all.length === 0 ? html`<p class="soft">Nothing.</p>` : html`<ul>${all}</ul>`;
}

function sayFault(fault: Fault): string {
  const calls = fault.remaining === 1 ? "The next call" : `The next ${fault.remaining} calls`;
  const effects = [
    fault.delayMs > 0 && `late by ${fault.delayMs} ms`,
    fault.status !== null &&
      `answered ${fault.status}${fault.keeps ? ", kept under its idempotency key" : ""}`,
    fault.dropsAfter && "done, and the answer lost",
    fault.timesOut && "never answered",
  ].filter((effect) => effect !== false);
  return `${calls} of ${fault.route ?? "any kind"}: ${effects.join(", ") || "no effect"}`;
}

const RULES: Record<DeliveryRule["action"], string> = {
  twice: "delivered twice",
  reverse: "delivered in reversed order",
  late: "late",
  never: "never delivered",
  lose_answer: "delivered, and the answer lost",
};

function sayRule({ action, endpoint, type, remaining, late_by_seconds: late }: DeliveryRule): string {
  const events = remaining === 1 ? "The next delivery" : `The next ${remaining} deliveries`;
  const what = `${events} of ${type ?? "any event"} to ${endpoint ?? "any endpoint"}: ${RULES[action]}`;
  return action === "late" ? `${what} by ${late} seconds` : what;
}
