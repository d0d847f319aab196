import { expect, test } from "vitest";
import { csvRow } from "./csv";

test("cells are parted by commas and a row ends with CR LF", () => {
  expect(csvRow(["a", 1, null, "ü €"])).toBe("a,1,,ü €\r\n");
});

test.each([
  ["a comma", "a,b", '"a,b"'],
  ["a quote", 'say "so"', '"say ""so"""'],
  ["a line's end", "a\r\nb", '"a\r\nb"'],
  ["a newline", "a\nb", '"a\nb"'],
])("a text with %s is quoted (RFC 4180)", (_name, text, cell) => {
  expect(csvRow([text])).toBe(`${cell}\r\n`);
});

test.each([
  ["=1+1", "'=1+1"],
  ["+1", "'+1"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\t=1", "'\t=1"],
  ["\r=1", `"'\r=1"`],
  ["＝1+1", "'＝1+1"],
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
])("%j is shown by a spreadsheet and not run", (text, cell) => {
  expect(csvRow([text])).toBe(`${cell}\r\n`);
});

test("a number stays a number, below zero too", () => {
  expect(csvRow([-5, 0, 1.5])).toBe("-5,0,1.5\r\n");
});
