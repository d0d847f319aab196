import type { ComparisonRow } from "@/lib/domain/pricing-terms";

const kept = new WeakMap<ComparisonRow[], string>();

/**
 * The rows of the comparison as HTML, made once for the rows given. They are the larger half of the pricing page's
 * elements, the same for everybody, and nothing in them is pressed: React would build them anew for every visitor, twice,
 * and take them over in the browser.
 */
export function comparisonRowsHtml(rows: ComparisonRow[]): string {
  const known = kept.get(rows);
  if (known !== undefined) return known;
  const html = rows
    .map(({ name, cells }) => `<tr><th scope="row">${escaped(name)}</th>${cells.map(cellHtml).join("")}</tr>`)
    .join("");
  kept.set(rows, html);
  return html;
}

function cellHtml(cell: ComparisonRow["cells"][number]): string {
  if (cell === true) return `<td class="is-included"><span class="sr-only">Included</span></td>`;
  if (cell === false) return `<td class="is-not-included"><span class="sr-only">Not included</span></td>`;
  return `<td>${cell.map((line) => `<div>${escaped(line)}</div>`).join("")}</td>`;
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
