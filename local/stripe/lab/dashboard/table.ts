import { type Html, html } from "@/local/stripe/html";

type Cell = Html | string | number;

/** A table that scrolls by itself where the window is narrow. */
export function renderTable(caption: string, headings: string[], rows: Cell[][], empty = "None."): Html {
  if (rows.length === 0) return html`<p class="soft">${empty}</p>`;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<thead><tr>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>`;
}

/** The ways to older and newer pages, keeping what the list was asked for. */
export function renderPager(
  path: string,
  query: URLSearchParams,
  page: { newest?: string; oldest?: string; hasNewer: boolean; hasOlder: boolean },
): Html {
  const link = (label: string, name: string, cursor: string): Html => {
    const next = new URLSearchParams(query);
    for (const key of ["before", "after", "said"]) next.delete(key);
    next.set(name, cursor);
    return html`<a href="${path}?${next.toString()}">${label}</a>`;
  };
  return html`<p class="pager">
${page.hasNewer && page.newest !== undefined && link("Newer", "before", page.newest)}
${page.hasOlder && page.oldest !== undefined && link("Older", "after", page.oldest)}</p>`;
}
