import type { MeasuredBy } from "./catalogue";

/** The longest answer that is asked for, so that what a call may come to is known before it is made. */
export const MAX_OUTPUT_TOKENS = 1_000;

/** People write about four characters of English a token. */
const CHARACTERS_PER_TOKEN = 4;

type Message = { parts: readonly { type: string; text?: string }[] };
type Usage = { inputTokens: number | null; outputTokens: number | null };

/**
 * How an AI call is measured, in units of its meter: the most it may come to, which is held before it, and what it came
 * to. A call counted by tokens whose provider did not tell them, as one that was cut, comes to its question, estimated.
 */
export function callMeasure(
  measuredBy: MeasuredBy,
  messages: readonly Message[],
): { most: number; used: (usage: Usage) => number } {
  if (measuredBy !== "llm_tokens") return { most: 1, used: () => 1 };
  const characters = messages
    .flatMap(({ parts }) => parts)
    .reduce((sum, { text = "" }) => sum + text.length, 0);
  const estimate = Math.ceil(characters / CHARACTERS_PER_TOKEN);
  return {
    // Twice the estimate: code and other languages take more tokens than English.
    most: 2 * estimate + MAX_OUTPUT_TOKENS,
    used: ({ inputTokens, outputTokens }) => (inputTokens ?? estimate) + (outputTokens ?? 0),
  };
}
