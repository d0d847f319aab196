import type { PriceBook } from "./catalogue";
import { formatCount } from "./format-count";

/**
 * The price book: what a model's work costs in credits. A call's tokens, images and voice are each multiplied by their
 * rate, exactly, and the sum is rounded up to whole credits once: nothing is given away call by call, and no call is
 * rounded up twice. (S1-17, S1-95, K-07)
 */
export type ModelCall = {
  /** The model's key in the price book. */
  model: string;
  /** Tokens read afresh. Each token of a call is counted in one of the four kinds, never in two. */
  inputTokens?: number;
  /** Tokens read from the provider's cache. */
  cachedInputTokens?: number;
  /** Tokens of the answer. */
  outputTokens?: number;
  /** Tokens the model thought in before it answered. */
  reasoningTokens?: number;
  images?: number;
  voiceSeconds?: number;
  voiceCharacters?: number;
};

/**
 * What a call costs in whole credits.
 * @throws Error naming what is wrong: a model that the book does not have, work that the model has no rate for, or a
 *   count that is not a whole number. Work without a rate is refused instead of being given away; to know before the
 *   work is done, price an estimate of it first.
 */
export function creditsForCall(priceBook: PriceBook, call: ModelCall): number {
  const model = findModel(priceBook, call.model);
  const { input, output, cachedInput = input, reasoning = output } = model.creditsPerMillion;
  const cost = (part: CountedPart, rate: number | undefined) => costOf(call, part, rate);
  const forTokens =
    cost("inputTokens", input) +
    cost("cachedInputTokens", cachedInput) +
    cost("outputTokens", output) +
    cost("reasoningTokens", reasoning);
  const forPieces =
    cost("images", model.creditsPerImage) +
    cost("voiceSeconds", model.creditsPerVoiceSecond) +
    cost("voiceCharacters", model.creditsPerVoiceCharacter);
  // Both in billionths of a credit per million, so that nothing was divided before this.
  const credits = Number(divideUp(forTokens + forPieces * MILLION, BILLION * MILLION));
  if (!Number.isSafeInteger(credits))
    throw new Error(`A call of "${call.model}" costs too much to be counted.`);
  return credits;
}

/** How many typical calls a number of credits buys. Null where the book has none, or where it costs nothing. */
export function callsFor(credits: number, priceBook: PriceBook): number | null {
  if (!priceBook.typicalCall) return null;
  const perCall = creditsForCall(priceBook, priceBook.typicalCall);
  return perCall === 0 ? null : Math.floor(credits / perCall);
}

/** The same for people: "about 65 interactions". It is an estimate, so two digits of it are told. (S1-17, S1-18, S1-19) */
export function aboutCalls(credits: number, priceBook: PriceBook): string | null {
  const calls = callsFor(credits, priceBook);
  if (calls === null) return null;
  if (calls < 1) return "less than one interaction";
  const lastDigit = 10 ** Math.max(0, String(calls).length - 2);
  const told = Math.round(calls / lastDigit) * lastDigit;
  return `about ${formatCount(told)} ${told === 1 ? "interaction" : "interactions"}`;
}

type CountedPart = Exclude<keyof ModelCall, "model">;

const BILLION = 1_000_000_000n;
const MILLION = 1_000_000n;

function findModel({ models }: PriceBook, key: string): PriceBook["models"][number] {
  const model = models.find((entry) => entry.key === key);
  if (model) return model;
  const known = models.map((entry) => `"${entry.key}"`).join(", ") || "no models at all";
  throw new Error(`The price book has no model "${key}". It has: ${known}.`);
}

/** In billionths of what the rate is given in. */
function costOf(call: ModelCall, part: CountedPart, rate: number | undefined): bigint {
  const count = call[part] ?? 0;
  if (!Number.isSafeInteger(count) || count < 0)
    throw new Error(`The ${part} of a call must be a whole number and not negative, not ${count}.`);
  if (count === 0) return 0n;
  if (rate === undefined) throw new Error(`The price book has no rate for the ${part} of "${call.model}".`);
  return BigInt(count) * billionths(rate);
}

/**
 * A rate as it was written, in billionths. It is read from its shortest decimal form, because its binary one is off:
 * 0.067 × 10⁹ is 67000000.00000001 in floating point.
 */
function billionths(rate: number): bigint {
  const [mantissa = "", exponent = "0"] = String(rate).split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const places = 9 + Number(exponent) - fraction.length;
  if (!(rate >= 0 && places >= 0))
    throw new Error(`A rate must have at most nine decimals and not be negative, not ${rate}.`);
  return BigInt(whole + fraction) * 10n ** BigInt(places);
}

function divideUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
