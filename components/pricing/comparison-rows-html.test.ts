import { expect, test } from "vitest";
import { comparisonRowsHtml } from "./comparison-rows-html";

test("says what is included and what is not in words, and lists what has several lines", () => {
  expect(comparisonRowsHtml([{ name: "AI chat", cells: [true, false, ["3 a day", "50 a month"]] }])).toBe(
    `<tr><th scope="row">AI chat</th>` +
      `<td class="is-included"><span class="sr-only">Included</span></td>` +
      `<td class="is-not-included"><span class="sr-only">Not included</span></td>` +
      `<td><div>3 a day</div><div>50 a month</div></td></tr>`,
  );
});

test("a text of the catalogue stays a text, whatever it looks like", () => {
  const evil = `<img src=x onerror="a()">&'`;
  const html = comparisonRowsHtml([{ name: evil, cells: [[evil]] }]);
  expect(html.replaceAll(/<\/?(?:tr|th|td|div)(?: scope="row")?>/g, "")).toBe(
    "&lt;img src=x onerror=&quot;a()&quot;&gt;&amp;&#39;".repeat(2),
  );
});
