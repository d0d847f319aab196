import { type Html, html } from "@/local/stripe/html";

/** A link to the page of an object, or "–" where there is none. */
export function objectLink(reference: string | { id: string } | null | undefined, label?: string): Html {
  if (reference === null || reference === undefined) return html`–`;
  const id = typeof reference === "string" ? reference : reference.id;
  return html`<a href="${pagePathOf(id)}">${label ?? shortId(id)}</a>`;
}

/** Where an object is shown: on a page of its own kind, or as JSON. */
export function pagePathOf(id: string): string {
  const kind = { cus: "customers", evt: "events" }[id.split("_")[0] ?? ""] ?? "objects";
  return `/dashboard/${kind}/${encodeURIComponent(id)}`;
}

/** An id as it is, but for those of checkout sessions, which no table has room for. */
function shortId(id: string): string {
  return id.length > 40 ? `${id.slice(0, 24)}…` : id;
}
