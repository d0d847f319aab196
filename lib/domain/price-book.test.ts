import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PRESETS } from "@/catalogues/read-preset";
import type { PriceBook } from "./catalogue";
import { aboutCalls, callsFor, creditsForCall, type ModelCall } from "./price-book";

const book: PriceBook = {
  models: [
    { key: "cheap", name: "Cheap", creditsPerMillion: { input: 0.07, output: 0.3 } },
    {
      key: "full",
      name: "Full",
      creditsPerMillion: { input: 3, cachedInput: 0.3, output: 15, reasoning: 20 },
      creditsPerImage: 40.5,
      creditsPerVoiceSecond: 1.1,
      creditsPerVoiceCharacter: 0.000000007,
    },
    { key: "free", name: "Free", creditsPerMillion: { input: 0, output: 0 } },
  ],
  typicalCall: null,
};

describe("what a call costs", () => {
  test.each<[ModelCall, number]>([
    [{ model: "full" }, 0],
    [{ model: "full", inputTokens: 1_000_000 }, 3],
    [{ model: "full", inputTokens: 1 }, 1],
    [{ model: "full", inputTokens: 333_333, outputTokens: 1 }, 2],
    [{ model: "full", cachedInputTokens: 10_000_000, reasoningTokens: 1_000_000 }, 23],
    // Where a rate is left out, cached input costs as much as input, and thinking as much as the answer.
    [{ model: "cheap", cachedInputTokens: 100_000_000, reasoningTokens: 10_000_000 }, 10],
    [{ model: "full", images: 2 }, 81],
    [{ model: "full", images: 1 }, 41],
    // In floating point this is 121.00000000000001, which would be rounded up to one too many.
    [{ model: "full", voiceSeconds: 110 }, 121],
    [{ model: "full", voiceCharacters: 1_000_000_000 }, 7],
    [{ model: "full", voiceCharacters: 1_000_000_001 }, 8],
    [{ model: "cheap", inputTokens: 100_000_000 }, 7],
    // Each part alone would be rounded up to nine; together they are eight.
    [{ model: "full", inputTokens: 100_000, voiceSeconds: 7 }, 8],
    [{ model: "free", inputTokens: 1_000_000, outputTokens: 1_000_000 }, 0],
  ])("%j is %i credits", (call, credits) => {
    expect(creditsForCall(book, call)).toBe(credits);
  });

  test("a model that is not in the book is an error that names it and those that are", () => {
    expect(() => creditsForCall(book, { model: "gpt-9" })).toThrow(
      'no model "gpt-9". It has: "cheap", "full"',
    );
    expect(() =>
      callsFor(1, { models: [], typicalCall: { model: "x", inputTokens: 1, outputTokens: 1 } }),
    ).toThrow('no model "x". It has: no models at all.');
  });

  test.each(["images", "voiceSeconds", "voiceCharacters"] as const)(
    "%s without a rate are refused, never given away; none of them costs nothing",
    (part) => {
      expect(() => creditsForCall(book, { model: "cheap", [part]: 1 })).toThrow(
        `no rate for the ${part} of "cheap"`,
      );
      expect(creditsForCall(book, { model: "cheap", [part]: 0 })).toBe(0);
    },
  );

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    "a count of %d is refused by name",
    (count) => {
      expect(() => creditsForCall(book, { model: "full", outputTokens: count })).toThrow("outputTokens");
    },
  );

  test.each([1e-10, -1, Number.NaN, 0.1234567891])("a rate of %d is refused", (input) => {
    const models = [{ key: "m", name: "M", creditsPerMillion: { input, output: 0 } }];
    expect(() => creditsForCall({ models, typicalCall: null }, { model: "m", inputTokens: 1 })).toThrow(
      "A rate",
    );
  });

  test("what cannot be counted exactly is refused", () => {
    expect(() => creditsForCall(book, { model: "full", images: 2 ** 52 })).toThrow('"full" costs too much');
  });
});

const counts = fc.record({
  inputTokens: fc.nat({ max: 10 ** 9 }),
  cachedInputTokens: fc.nat({ max: 10 ** 9 }),
  outputTokens: fc.nat({ max: 10 ** 9 }),
  reasoningTokens: fc.nat({ max: 10 ** 9 }),
  images: fc.nat({ max: 10_000 }),
  voiceSeconds: fc.nat({ max: 10 ** 6 }),
  voiceCharacters: fc.nat({ max: 10 ** 9 }),
});
type Counts = Required<Omit<ModelCall, "model">>;
/** Billionths of a credit. */
const rate = fc.nat({ max: 10 ** 14 });
const rates = fc.tuple(rate, rate, rate, rate, rate, rate, rate);

/** A book of one model whose rates are given in billionths, written as a catalogue would write them. */
function bookOf([
  input = 0,
  cachedInput = 0,
  output = 0,
  reasoning = 0,
  image = 0,
  second = 0,
  character = 0,
]: number[]): PriceBook {
  const model = {
    key: "m",
    name: "M",
    creditsPerMillion: {
      input: written(input),
      cachedInput: written(cachedInput),
      output: written(output),
      reasoning: written(reasoning),
    },
    creditsPerImage: written(image),
    creditsPerVoiceSecond: written(second),
    creditsPerVoiceCharacter: written(character),
  };
  return { models: [model], typicalCall: null };
}

function written(billionths: number): number {
  const digits = String(billionths).padStart(10, "0");
  return Number(`${digits.slice(0, -9)}.${digits.slice(-9)}`);
}

function plus(a: Counts, b: Counts): Counts {
  const parts = Object.keys(a) as (keyof Counts)[]; // a record made by fast-check has these keys and no others
  return Object.fromEntries(parts.map((part) => [part, a[part] + b[part]])) as Counts; // the same keys again
}

describe("for any rates and any calls", () => {
  test("the cost is the exact sum, rounded up once", () => {
    fc.assert(
      fc.property(rates, counts, (billionths, call) => {
        const [tokens, pieces] = [Object.values(call).slice(0, 4), Object.values(call).slice(4)];
        const sum = (values: number[], from: number) =>
          values.reduce(
            (total, count, index) => total + BigInt(count) * BigInt(billionths[from + index] ?? 0),
            0n,
          );
        const exact = sum(tokens, 0) + sum(pieces, 4) * 1_000_000n;
        const credits = BigInt(creditsForCall(bookOf(billionths), { model: "m", ...call }));
        expect(credits * 10n ** 15n).toBeGreaterThanOrEqual(exact);
        expect((credits - 1n) * 10n ** 15n).toBeLessThan(exact);
      }),
    );
  });

  test("more work never costs less, and two calls in one cost less by one credit at most, never more", () => {
    fc.assert(
      fc.property(rates, counts, counts, (billionths, a, b) => {
        const priced = (call: Counts) => creditsForCall(bookOf(billionths), { model: "m", ...call });
        const together = priced(plus(a, b));
        expect(together).toBeGreaterThanOrEqual(Math.max(priced(a), priced(b)));
        expect(priced(a) + priced(b) - together).toBeGreaterThanOrEqual(0);
        expect(priced(a) + priced(b) - together).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("what credits buy", () => {
  test.each([
    ["starter", "about 65 interactions"],
    ["booster", "about 330 interactions"],
    ["power", "about 650 interactions"],
  ])("the community's %s package is %s (S1-17, S1-18, S1-19)", (slug, words) => {
    const pack = PRESETS.community?.creditPacks.find((entry) => entry.slug === slug);
    expect(aboutCalls(pack?.credits ?? 0, PRESETS.community?.priceBook ?? book)).toBe(words);
  });

  const oneEach: PriceBook = {
    models: [{ key: "m", name: "M", creditsPerMillion: { input: 1_000_000, output: 1_000_000 } }],
    typicalCall: { model: "m", inputTokens: 1, outputTokens: 1 },
  };
  test.each([
    [0, 0, "less than one interaction"],
    [1, 0, "less than one interaction"],
    [2, 1, "about 1 interaction"],
    [198, 99, "about 99 interactions"],
    [1990, 995, "about 1,000 interactions"],
    [24_800, 12_400, "about 12,000 interactions"],
  ])("%i credits at two a call are %i calls, %s", (credits, calls, words) => {
    expect(callsFor(credits, oneEach)).toBe(calls);
    expect(aboutCalls(credits, oneEach)).toBe(words);
  });

  test("nothing is said where there is no typical call, or where it costs nothing", () => {
    const free = { ...book, typicalCall: { model: "free", inputTokens: 1, outputTokens: 1 } };
    for (const silent of [book, free]) {
      expect(callsFor(100, silent)).toBeNull();
      expect(aboutCalls(100, silent)).toBeNull();
    }
  });
});
