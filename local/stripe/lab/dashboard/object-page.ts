import { type Html, html } from "@/local/stripe/html";
import type { Lab } from "@/local/stripe/lab/lab";
import { findAnyObject, findOwnerOfItem, queryRows } from "@/local/stripe/store/store";
import { actionForm } from "./action-form";
import { renderJump } from "./clock-forms";
import { objectLink, pagePathOf } from "./object-link";
import type { Page, PageRequest } from "./page";

/** Any object as the API has it; ids of others inside of it lead to them. */
export function objectPage(lab: Lab, { id }: PageRequest): Page | null {
  const owner = id.startsWith("si_") ? findOwnerOfItem(lab.store, id) : null;
  const object = findAnyObject(lab.store, owner ?? id);
  if (!object) return null;
  const { customer } = object;
  return {
    title: `${object.object} ${id}`,
    body: html`${typeof customer === "string" && html`<p>Of the customer ${objectLink(customer)}.</p>`}
${renderActions(object)}
${renderJson(lab, object)}`,
  };
}

function renderActions(object: Record<string, unknown>): Html | null {
  const id = String(object.id);
  const back = pagePathOf(id);
  if (object.object === "invoice") {
    const url = object.status === "draft" ? null : html`<p><a href="/invoices/${id}/hosted">Its page</a></p>`;
    const isTried = object.status === "open" && object.next_payment_attempt !== null;
    return html`${url}${isTried && renderJump("end_of_retries", id, "Jump to the end of retries", back)}`;
  }
  if (object.status === "requires_action" && /_intent$/.test(String(object.object))) {
    return html`${answerChallenge(id, back, "succeeded", "Authenticate")}${answerChallenge(id, back, "failed", "Fail to authenticate")}`;
  }
  return null;
}

/** In the customer's place. */
function answerChallenge(id: string, back: string, outcome: string, button: string): Html {
  const fields = html`<input type="hidden" name="outcome" value="${outcome}">`;
  return actionForm({ call: `/intents/${id}/authenticate`, back, button, fields, className: "row" });
}

/** An object as JSON with a link for every id in it that is known. Secrets are not shown. */
export function renderJson(lab: Lab, object: object): Html {
  const text = JSON.stringify(object, hideSecrets, 2);
  const parts = text.split(/"([a-z]+(?:_test)?_\w{5,})"/g);
  const known = knownIds(
    lab,
    parts.filter((_, index) => index % 2 === 1),
  );
  return html`<pre tabindex="0" role="region" aria-label="JSON">${parts.map((part, index) => {
    if (index % 2 === 0) return part;
    return known.has(part) ? html`"<a href="${pagePathOf(part)}">${part}</a>"` : `"${part}"`;
  })}</pre>`;
}

function knownIds(lab: Lab, ids: string[]): Set<string> {
  const sql = "select id from objects where id in (select value from json_each(?))";
  return new Set(queryRows<{ id: string }>(lab.store, sql, JSON.stringify(ids)).map(({ id }) => id));
}

function hideSecrets(name: string, value: unknown): unknown {
  return /secret$/.test(name) && typeof value === "string" ? "(not shown)" : value;
}
