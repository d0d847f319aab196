import type { CataloguePolicy, CatalogueWords, PriceBook } from "./catalogue";
import { formatCount } from "./format-count";
import { minorDigits } from "./money";
import { aboutCalls } from "./price-book";

type Pack = { credits: number; amountMinor: number; currency: string };
type Words = CatalogueWords["credit"];

/** From how many credits on their price is told by the thousand: one of a hundred thousand costs no coin. */
const BY_THE_THOUSAND = 1_000;

/** "$0.05 per 1,000 tokens", "$2.40 per ticket credit"; up to two digits more than the currency has. */
export function unitPriceWords({ credits, amountMinor, currency }: Pack, { one, many }: Words): string {
  const isByThousand = credits >= BY_THE_THOUSAND;
  const digits = minorDigits(currency);
  const format = new Intl.NumberFormat("en-US", {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits + 2,
  });
  const amount = format.format((amountMinor * (isByThousand ? BY_THE_THOUSAND : 1)) / credits / 10 ** digits);
  return `${amount} per ${isByThousand ? `${formatCount(BY_THE_THOUSAND)} ${many}` : one}`;
}

/** What credits are good for: "about 65 interactions" by the price book, else units of what they pay for. (S1-17) */
export function packBuysWords(
  credits: number,
  priceBook: PriceBook,
  meters: readonly { unit: string; creditsPerUnit: number | null }[],
): string | null {
  const calls = aboutCalls(credits, priceBook);
  if (calls !== null) return calls;
  const units = meters.flatMap(({ unit, creditsPerUnit }) =>
    creditsPerUnit === null ? [] : [`${formatCount(Math.floor(credits / creditsPerUnit))} ${unit}`],
  );
  return units.length > 0 ? units.join(" or ") : null;
}

/** Until when they can be used. Bought credits carry no date; they may end with a change of what one pays by. (S1-20, S2-16) */
export function packExpiryWords({
  creditsOnModelChange,
}: Pick<CataloguePolicy, "creditsOnModelChange">): string {
  return creditsOnModelChange === "keep"
    ? "Never expires"
    : "Kept until used, or until you change how you pay";
}
