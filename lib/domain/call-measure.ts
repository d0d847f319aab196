import type { MeasuredBy, PriceBook } from "./catalogue";
import { creditsForCall } from "./price-book";

/** The longest answer that is asked for, so that what a call may come to is known before it is made. */
export const MAX_OUTPUT_TOKENS = 1_000;

/** An answer shorter than this is not worth beginning: who cannot pay for so much is at the limit. */
const LEAST_OUTPUT_TOKENS = 50;

/** People write about four characters of English a token. */
const CHARACTERS_PER_TOKEN = 4;

type Message = { parts: readonly { type: string; text?: string }[] };

/** What is known of a call that has ended. */
export type MeasuredCall = {
  /** As the provider told them; null when the stream was cut before it did. */
  inputTokens: number | null;
  outputTokens: number | null;
  /** Of the answer, as far as it was given. */
  outputCharacters: number;
};

export type CallMeasure = {
  /** Units of the meter: the most the call may come to, which is held before it, and the fewest worth having. */
  most: number;
  least: number;
  /** The same in credits for each unit, where a call's credits follow from its tokens; null = the meter's own price. */
  creditsPerUnit: { most: number; least: number } | null;
  /** The longest answer that fits into what was held, so that a small balance buys a shorter one. */
  maxOutputTokens: (held: { quantity: number; creditUnits: number; credits: number }) => number;
  /** What it came to. Of what the provider did not tell there is an estimate, and it says so. */
  used: (call: MeasuredCall) => {
    quantity: number;
    creditsPerUnit: number | null;
    source: "provider" | "estimated";
  };
};

/**
 * How an AI call is measured: as one call, or by its tokens. A call counted as one costs, beyond what the plan includes,
 * the credits of its real tokens. (S1-95, K-07, S3-47)
 * @param model the model's key; one that the price book does not have costs what a unit of the meter costs.
 */
export function callMeasure(input: {
  measuredBy: MeasuredBy;
  paysByCredits: boolean;
  messages: readonly Message[];
  priceBook: PriceBook;
  model: string;
}): CallMeasure {
  const { measuredBy, paysByCredits, priceBook, model } = input;
  const characters = input.messages
    .flatMap(({ parts }) => parts)
    .reduce((sum, { text = "" }) => sum + text.length, 0);
  const question = Math.ceil(characters / CHARACTERS_PER_TOKEN);
  // Twice the estimate: code and other languages take more tokens than English.
  const mostQuestion = 2 * question;
  const tokensOf = ({ inputTokens, outputTokens, outputCharacters }: MeasuredCall) => ({
    inputTokens: inputTokens ?? question,
    outputTokens: outputTokens ?? Math.ceil(outputCharacters / CHARACTERS_PER_TOKEN),
  });
  const sourceOf = ({ inputTokens, outputTokens }: MeasuredCall) =>
    inputTokens === null || outputTokens === null ? ("estimated" as const) : ("provider" as const);

  if (measuredBy === "llm_tokens") {
    return {
      most: mostQuestion + MAX_OUTPUT_TOKENS,
      least: mostQuestion + LEAST_OUTPUT_TOKENS,
      creditsPerUnit: null,
      maxOutputTokens: ({ quantity }) => Math.min(MAX_OUTPUT_TOKENS, quantity - mostQuestion),
      used: (call) => {
        const { inputTokens, outputTokens } = tokensOf(call);
        return { quantity: inputTokens + outputTokens, creditsPerUnit: null, source: sourceOf(call) };
      },
    };
  }

  const isPriced = paysByCredits && priceBook.models.some(({ key }) => key === model);
  const priceOf = (inputTokens: number, outputTokens: number) =>
    creditsForCall(priceBook, { model, inputTokens, outputTokens });
  return {
    most: 1,
    least: 1,
    creditsPerUnit: isPriced
      ? { most: priceOf(mostQuestion, MAX_OUTPUT_TOKENS), least: priceOf(mostQuestion, LEAST_OUTPUT_TOKENS) }
      : null,
    maxOutputTokens: ({ creditUnits, credits }) =>
      isPriced && creditUnits > 0
        ? longestAnswer((outputTokens) => priceOf(mostQuestion, outputTokens) <= credits)
        : MAX_OUTPUT_TOKENS,
    used: (call) => {
      const { inputTokens, outputTokens } = tokensOf(call);
      const creditsPerUnit = isPriced ? priceOf(inputTokens, outputTokens) : null;
      return { quantity: 1, creditsPerUnit, source: sourceOf(call) };
    },
  };
}

/** The most tokens that fit, between the least and the most there are; longer answers never cost less. */
function longestAnswer(fits: (outputTokens: number) => boolean): number {
  let fitting = LEAST_OUTPUT_TOKENS;
  let tooLong = MAX_OUTPUT_TOKENS + 1;
  while (tooLong - fitting > 1) {
    const middle = Math.floor((fitting + tooLong) / 2);
    if (fits(middle)) fitting = middle;
    else tooLong = middle;
  }
  return fitting;
}
