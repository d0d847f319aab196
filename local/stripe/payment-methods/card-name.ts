/** The brands as people know them. https://docs.stripe.com/api/payment_methods/object#payment_method_object-card-brand */
const BRAND_NAMES: Record<string, string> = {
  amex: "American Express",
  cartes_bancaires: "Cartes Bancaires",
  diners: "Diners Club",
  discover: "Discover",
  eftpos_au: "Eftpos Australia",
  jcb: "JCB",
  link: "Link",
  mastercard: "Mastercard",
  unionpay: "UnionPay",
  visa: "Visa",
};

/** A card as its holder knows it: "Visa ···· 4242". */
export function cardName(card: { brand: string | null; last4: string | null }): string {
  return `${BRAND_NAMES[card.brand ?? ""] ?? "Card"} ···· ${card.last4 ?? ""}`.trim();
}
