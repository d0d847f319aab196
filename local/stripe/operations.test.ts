import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { OPERATIONS } from "./operations";

const PAGE = "docs/lab.md";
const BLOCK = /(<!-- served: [^>]*-->\n)[\s\S]*?(<!-- \/served -->)/;

// `UPDATE_DOCS=1 npx vitest run --project lab local/stripe/operations.test.ts` writes the table.
test("docs/lab.md lists every call that is served, and no other", () => {
  const page = readFileSync(PAGE, "utf8");
  const expected = page.replace(BLOCK, (_block, begin, end) => `${begin}\n${servedTable()}\n\n${end}`);
  if (process.env.UPDATE_DOCS) writeFileSync(PAGE, expected);
  expect(page).toMatch(BLOCK);
  expect(readFileSync(PAGE, "utf8")).toBe(expected);
});

/** One row a resource, each of its paths with its methods. */
function servedTable(): string {
  const rows = new Map<string, Map<string, string[]>>();
  for (const { method, path } of OPERATIONS) {
    const shown = path.replaceAll(/:\w+/g, "{id}");
    const resource = resourceOf(path);
    const paths = rows.get(resource) ?? new Map<string, string[]>();
    paths.set(shown, [...(paths.get(shown) ?? []), method]);
    rows.set(resource, paths);
  }
  const lines = [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([resource, paths]) => {
      const byPath = [...paths].sort(([a], [b]) => (a < b ? -1 : 1));
      const calls = byPath.map(([path, methods]) => `${[...methods].sort().join(" ")} \`${path}\``);
      return `| ${resource} | ${calls.join("<br>")} |`;
    });
  return `| resource | calls under \`/v1\` |\n|---|---|\n${lines.join("\n").replaceAll("`/v1/", "`")}`;
}

/** The last part of the path that is a collection: "balance_transactions" of a customer belong to customers. */
function resourceOf(path: string): string {
  const [first = "", second = ""] = path.replace("/v1/", "").split("/");
  const hasNamespace = ["billing", "billing_portal", "checkout", "radar", "tax", "test_helpers"].includes(
    first,
  );
  return hasNamespace ? `${first}.${second}` : first;
}
