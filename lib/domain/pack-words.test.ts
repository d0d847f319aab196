import { expect, test } from "vitest";
import { readPreset } from "@/catalogues/read-preset";
import { packBuysWords, packExpiryWords, unitPriceWords } from "./pack-words";

function wordsOf(key: string) {
  const { creditPacks, currency, words, priceBook, meters } = readPreset(key);
  const counted = meters.map(({ unit, creditsPerUnit = null }) => ({ unit, creditsPerUnit }));
  return creditPacks.map((pack) => [
    unitPriceWords({ ...pack, currency }, words.credit),
    packBuysWords(pack.credits, priceBook, counted),
  ]);
}

test("a pack's price is told per 1,000 credits, and what they buy by the price book (S1-11, S1-12, S1-13, S1-17)", () => {
  expect(wordsOf("community")).toEqual([
    ["$0.05 per 1,000 tokens", "about 65 interactions"],
    ["$0.04 per 1,000 tokens", "about 330 interactions"],
    ["$0.035 per 1,000 tokens", "about 650 interactions"],
  ]);
});

test("where each credit costs something, its price is told per credit, and what it pays for is counted (S2-15)", () => {
  expect(wordsOf("ticketing")).toEqual([
    ["$2.40 per ticket credit", "25 tickets"],
    ["$2.19 per ticket credit", "100 tickets"],
    ["$1.9975 per ticket credit", "400 tickets"],
  ]);
});

test("a currency without decimals and one with three are told in their own", () => {
  const credit = { one: "credit", many: "credits" };
  expect(unitPriceWords({ credits: 1_000, amountMinor: 550, currency: "jpy" }, credit)).toBe(
    "¥550 per 1,000 credits",
  );
  expect(unitPriceWords({ credits: 3, amountMinor: 1_500, currency: "kwd" }, credit)).toBe(
    "KWD\u00a00.500 per credit",
  );
});

test("what ends when is said as the policy has it (S1-20, S2-16)", () => {
  expect(packExpiryWords({ creditsOnModelChange: "keep" })).toBe("Never expires");
  expect(packExpiryWords({ creditsOnModelChange: "expire" })).toContain("until you change how you pay");
});
