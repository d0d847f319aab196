import { formatCount } from "@/lib/domain/format-count";

/** Prepaid units, under the name the catalogue gives them: "12,340 tokens". Never a sum of money. */
export function Credits({ amount, unit, isSigned }: { amount: number; unit: string; isSigned?: boolean }) {
  // In a statement a plus says as much as a minus; the longer minus is as wide as the plus.
  const sign = isSigned && amount > 0 ? "+" : amount < 0 ? "−" : "";
  return (
    <span className="whitespace-nowrap">
      {sign}
      {formatCount(Math.abs(amount))} {unit}
    </span>
  );
}
