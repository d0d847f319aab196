import { expect, test } from "vitest";
import { callMeasure, MAX_OUTPUT_TOKENS } from "./call-measure";

const QUESTION = [{ parts: [{ type: "text", text: "x".repeat(400) }] }];

test("a meter that counts calls counts one, however long it was", () => {
  const { most, used } = callMeasure("call", QUESTION);
  expect([most, used({ inputTokens: 900, outputTokens: 900 })]).toEqual([1, 1]);
});

test("a meter that counts tokens holds room for the longest answer, and posts what the provider told (S3-47)", () => {
  const { most, used } = callMeasure("llm_tokens", QUESTION);
  expect(most).toBe(200 + MAX_OUTPUT_TOKENS);
  expect(used({ inputTokens: 90, outputTokens: 30 })).toBe(120);
});

test("a call cut before its tokens were told comes to its question", () => {
  expect(callMeasure("llm_tokens", QUESTION).used({ inputTokens: null, outputTokens: null })).toBe(100);
});
