import { formatMoney } from "@/lib/domain/money";

/** A sum of money, never broken over two lines. */
export function Money({ amountMinor, currency }: { amountMinor: number; currency: string }) {
  return <span className="whitespace-nowrap">{formatMoney(amountMinor, currency)}</span>;
}
