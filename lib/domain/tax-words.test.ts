import { expect, test } from "vitest";
import { taxLine, taxSentence } from "./tax-words";

test.each([
  ["none", "exclusive", "None added", "No tax is added to these prices."],
  ["none", "inclusive", "None added", "No tax is added to these prices."],
  [
    "automatic",
    "exclusive",
    "Calculated at checkout",
    "Tax is added where it is due, and shown before you pay.",
  ],
  [
    "automatic",
    "unspecified",
    "Calculated at checkout",
    "Tax is added where it is due, and shown before you pay.",
  ],
  ["automatic", "inclusive", "Included", "These prices include tax."],
] as const)("tax %s, prices %s", (tax, taxBehavior, line, sentence) => {
  expect([taxLine({ tax, taxBehavior }), taxSentence({ tax, taxBehavior })]).toEqual([line, sentence]);
});
