import { type Html, html } from "@/local/stripe/html";
import type { Lab } from "@/local/stripe/lab/lab";
import type { LoggedRequest } from "@/local/stripe/lab/request-log";
import type { Page, PageRequest } from "./page";
import { renderPager, renderTable } from "./table";
import { timeText } from "./time-text";

const PAGE_SIZE = 50;

/** The latest calls of the API, newest first. */
export function requestsPage(lab: Lab, { query }: PageRequest): Page {
  const { entries } = lab.requestLog;
  const [before, after] = [Number(query.get("before") ?? 0), Number(query.get("after") ?? Infinity)];
  const wanted = entries.filter(({ number }) => number > before && number < after);
  const shown = (before > 0 ? wanted.slice(0, PAGE_SIZE) : wanted.slice(-PAGE_SIZE)).reverse();
  const [newest, oldest] = [shown[0], shown.at(-1)];
  return {
    title: "Requests",
    body: html`<p class="soft">The last 1,000 calls since the server started. Card numbers are left out.</p>
${renderTable("Requests", ["At (UTC)", "Call", "Status", "Took", "Idempotency key", "Details"], shown.map(row), "Nothing was asked yet.")}
${renderPager("/dashboard/requests", query, {
  ...(newest ? { newest: String(newest.number) } : {}),
  ...(oldest ? { oldest: String(oldest.number) } : {}),
  hasNewer: newest !== undefined && newest.number < (entries.at(-1)?.number ?? 0),
  hasOlder: oldest !== undefined && oldest.number > (entries[0]?.number ?? 0),
})}`,
  };
}

function row(request: LoggedRequest): (Html | string | number)[] {
  const { at, method, path, status, durationMs, idempotencyKey, isReplayed, error, params, id } = request;
  return [
    timeText(at),
    html`<code>${method} ${path}</code>`,
    status === null ? "dropped" : status,
    `${durationMs} ms`,
    idempotencyKey === null ? "–" : html`<code>${idempotencyKey}</code>${isReplayed && html`<br>replayed`}`,
    html`${error && html`${error.code ?? error.type}: ${error.message}`}<details><summary>${id}</summary><pre tabindex="0">${params === "" ? "No parameters." : params}</pre></details>`,
  ];
}
