/** The card that is charged, as people know it, and whether it still can be. */
export function PayingCardText({ card, now }: PayingCardTextProps) {
  if (!card) return <p className="text-muted">There is none yet. The first payment asks for one.</p>;
  const { brand, last4, expMonth, expYear } = card;
  const hasExpired = now.getTime() >= Date.UTC(expYear, expMonth, 1);
  const expiry = `${String(expMonth).padStart(2, "0")}/${expYear}`;
  return (
    <p>
      <span className="font-semibold">{BRANDS[brand] ?? "Card"}</span>{" "}
      <span className="tabular-nums">ending in {last4}</span>
      <span className={hasExpired ? "block text-danger" : "block text-muted"}>
        {hasExpired ? `Expired ${expiry}. Save another one below.` : `Good until ${expiry}`}
      </span>
    </p>
  );
}

type PayingCardTextProps = {
  card: { brand: string; last4: string; expMonth: number; expYear: number } | null;
  now: Date;
};

/** Stripe's names of brands. https://docs.stripe.com/api/payment_methods/object#payment_method_object-card-brand */
const BRANDS: Record<string, string> = {
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
