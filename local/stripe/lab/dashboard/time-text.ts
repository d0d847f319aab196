import { type Html, html } from "@/local/stripe/html";

/** A moment in UTC, to the second. @param at unix seconds */
export function timeText(at: number | null | undefined): Html {
  if (at === null || at === undefined) return html`–`;
  const iso = new Date(at * 1000).toISOString().replace(".000Z", "Z");
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)}</time>`;
}
