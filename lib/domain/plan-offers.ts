import type { PlanTerms } from "./catalogue";
import { intervalMonths, minorDigits } from "./money";

/**
 * What is sold, for search engines: one offer per paid price that anybody can buy, and the free plan's.
 * https://schema.org/Offer, https://developers.google.com/search/docs/appearance/structured-data/software-app
 * @param pageUrl the pricing page's whole address.
 */
export function planOffers(
  { name, currency, plans }: { name: string; currency: string; plans: readonly PlanTerms[] },
  pageUrl: string,
): object {
  const offers = plans
    .filter(({ availability }) => availability === "public")
    .flatMap((plan) => {
      const offer = { "@type": "Offer", name: plan.name, url: `${pageUrl}#${plan.slug}` };
      if (plan.prices.length === 0) return [{ ...offer, price: "0", priceCurrency: currency.toUpperCase() }];
      return plan.prices.map((price) => ({
        ...offer,
        price: majorAmount(price.amountMinor, price.currency),
        priceCurrency: price.currency.toUpperCase(),
        priceSpecification: {
          "@type": "UnitPriceSpecification",
          price: majorAmount(price.amountMinor, price.currency),
          priceCurrency: price.currency.toUpperCase(),
          billingDuration: intervalMonths(price),
          unitCode: "MON",
        },
      }));
    });
  return {
    "@context": "https://schema.org",
    "@type": "SoftwareApplication",
    name,
    applicationCategory: "BusinessApplication",
    operatingSystem: "Web",
    offers,
  };
}

/** "19.99", as schema.org wants it: no sign, no separators. */
function majorAmount(amountMinor: number, currency: string): string {
  const digits = minorDigits(currency);
  return (amountMinor / 10 ** digits).toFixed(digits);
}
