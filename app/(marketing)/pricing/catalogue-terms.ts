import { type PricingTerms, pricingTerms } from "@/lib/domain/pricing-terms";
import type { CatalogueOnSale } from "@/lib/services/catalogue/get-catalogue";

const kept = new WeakMap<CatalogueOnSale, Map<string, PricingTerms>>();

/**
 * What the page says in a currency. Worked out once for each catalogue and process: `getCatalogue` gives the same object
 * for as long as its revision stands, and a new one after a publish. docs/decisions/0009-what-the-pricing-page-keeps.md
 */
export function catalogueTerms(catalogue: CatalogueOnSale, currency: string, pageUrl: string): PricingTerms {
  const byCurrency = kept.get(catalogue) ?? new Map<string, PricingTerms>();
  kept.set(catalogue, byCurrency);
  const terms = byCurrency.get(currency) ?? pricingTerms(catalogue, currency, pageUrl);
  byCurrency.set(currency, terms);
  return terms;
}
