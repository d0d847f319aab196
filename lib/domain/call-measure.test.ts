import { describe, expect, test } from "vitest";
import { callMeasure, MAX_OUTPUT_TOKENS } from "./call-measure";

/** A hundred tokens by the estimate, held as two hundred. */
const MESSAGES = [{ parts: [{ type: "text", text: "x".repeat(400) }] }];
const PRICE_BOOK = {
  models: [{ key: "small", name: "Small", creditsPerMillion: { input: 1_000_000, output: 2_000_000 } }],
  typicalCall: null,
};
const measure = (measuredBy: "call" | "llm_tokens", more: { paysByCredits?: boolean; model?: string } = {}) =>
  callMeasure({
    measuredBy,
    paysByCredits: true,
    messages: MESSAGES,
    priceBook: PRICE_BOOK,
    model: "small",
    ...more,
  });
const told = (inputTokens: number, outputTokens: number) => ({
  inputTokens,
  outputTokens,
  outputCharacters: 9,
});

describe("a meter that counts calls", () => {
  test("counts one, however long it was; its credits are those of its real tokens (S1-95, K-07)", () => {
    const { most, least, used } = measure("call");
    expect([most, least]).toEqual([1, 1]);
    expect(used(told(90, 30))).toEqual({ quantity: 1, creditsPerUnit: 150, source: "provider" });
  });

  test("holds the credits of the longest answer, and begins with those of a short one", () => {
    expect(measure("call").creditsPerUnit).toEqual({ most: 200 + 2 * MAX_OUTPUT_TOKENS, least: 300 });
  });

  test("gives a small balance the longest answer that it pays for", () => {
    const { maxOutputTokens } = measure("call");
    expect(maxOutputTokens({ quantity: 1, creditUnits: 1, credits: 401 })).toBe(100);
    expect(maxOutputTokens({ quantity: 1, creditUnits: 1, credits: 2_200 })).toBe(MAX_OUTPUT_TOKENS);
    expect(maxOutputTokens({ quantity: 1, creditUnits: 0, credits: 0 })).toBe(MAX_OUTPUT_TOKENS);
  });

  test.each([
    ["a model without a price", { model: "unknown" }],
    ["a meter that credits do not pay for", { paysByCredits: false }],
  ])("leaves %s to the meter's own price", (_name, more) => {
    const { creditsPerUnit, used } = measure("call", more);
    expect([creditsPerUnit, used(told(90, 30)).creditsPerUnit]).toEqual([null, null]);
  });
});

describe("a meter that counts tokens", () => {
  test("holds room for the longest answer, and posts what the provider told (S3-47)", () => {
    const { most, least, used } = measure("llm_tokens");
    expect([most, least]).toEqual([200 + MAX_OUTPUT_TOKENS, 250]);
    expect(used(told(90, 30))).toEqual({ quantity: 120, creditsPerUnit: null, source: "provider" });
  });

  test("makes the answer as short as what was left", () => {
    const { maxOutputTokens } = measure("llm_tokens");
    expect(maxOutputTokens({ quantity: 260, creditUnits: 0, credits: 0 })).toBe(60);
  });

  test("of a call that was cut counts the question and what had been said, and calls it an estimate", () => {
    const cut = { inputTokens: null, outputTokens: null, outputCharacters: 81 };
    expect(measure("llm_tokens").used(cut)).toEqual({
      quantity: 121,
      creditsPerUnit: null,
      source: "estimated",
    });
  });
});
