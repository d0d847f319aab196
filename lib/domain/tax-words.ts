import type { CataloguePolicy } from "./catalogue";

type TaxPolicy = Pick<CataloguePolicy, "tax" | "taxBehavior">;

/** What stands beside "Tax" in a sum, before the amount is known. */
export function taxLine({ tax, taxBehavior }: TaxPolicy): string {
  if (tax === "none") return "None added";
  return taxBehavior === "inclusive" ? "Included" : "Calculated at checkout";
}

/** The same as a sentence, under prices. */
export function taxSentence({ tax, taxBehavior }: TaxPolicy): string {
  if (tax === "none") return "No tax is added to these prices.";
  return taxBehavior === "inclusive"
    ? "These prices include tax."
    : "Tax is added where it is due, and shown before you pay.";
}
