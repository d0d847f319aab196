import { expect, it } from "vitest";
import { allowanceAmountWords, allowanceWords } from "./allowance-words";

const requests = { name: "AI requests", kind: "counter" } as const;
const projects = { name: "Projects", kind: "gauge" } as const;

it.each([
  [{ amount: 3, window: "day" }, requests, "3 AI requests a day", "3 a day"],
  [{ amount: 12_340, window: "month" }, requests, "12,340 AI requests a month", "12,340 a month"],
  [
    { amount: 500, window: "period" },
    requests,
    "500 AI requests per billing period",
    "500 per billing period",
  ],
  [{ amount: 5, window: "lifetime" }, requests, "5 AI requests in total", "5 in total"],
  [{ amount: 10, window: "lifetime" }, projects, "10 projects", "10"],
  [{ amount: null, window: "lifetime" }, projects, "Unlimited projects", "Unlimited"],
  [{ amount: 0, window: "day" }, requests, "No AI requests", "0 a day"],
] as const)("says %o of %o as “%s”", (allowance, meter, sentence, cell) => {
  expect(allowanceWords(allowance, meter)).toBe(sentence);
  expect(allowanceAmountWords(allowance, meter)).toBe(cell);
});
