/** Markup that is safe to put into a page. */
export type Html = { readonly markup: string };

type Part = Html | string | number | null | false | Part[];

/** Builds markup from a template; every inserted text is escaped, inserted markup is not. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  const markup = strings.reduce((text, piece, index) => text + piece + render(parts[index] ?? null), "");
  return { markup };
}

function render(part: Part): string {
  if (part === null || part === false) return "";
  if (Array.isArray(part)) return part.map(render).join("");
  return typeof part === "object" ? part.markup : escapeText(String(part));
}

function escapeText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
