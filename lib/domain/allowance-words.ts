import type { Allowance, AllowanceWindow, Overage } from "./catalogue";
import { formatCount } from "./format-count";
import { formatMoney } from "./money";

/** An allowance in words, as a plan is advertised: "3 AI requests a day", "Unlimited projects". (S1-100) */
export function allowanceWords(
  allowance: Pick<Allowance, "amount" | "window">,
  meter: { name: string; kind: "counter" | "gauge" },
): string {
  const name = inSentence(meter.name);
  if (allowance.amount === null) return `Unlimited ${name}`;
  if (allowance.amount === 0) return `No ${name}`;
  return [formatCount(allowance.amount), name, windowWords(allowance.window, meter.kind)]
    .filter(Boolean)
    .join(" ");
}

/** The same where the meter's name stands beside it, as in a table: "3 a day", "Unlimited", "10". */
export function allowanceAmountWords(
  allowance: Pick<Allowance, "amount" | "window">,
  meter: { kind: "counter" | "gauge" },
): string {
  if (allowance.amount === null) return "Unlimited";
  return [formatCount(allowance.amount), windowWords(allowance.window, meter.kind)].filter(Boolean).join(" ");
}

/** What units beyond an allowance cost: "More tickets: $1.99 each", "More tickets: from $1.25 each". (S2-10) */
export function overageWords({ tiers }: Overage, { unit }: { unit: string }, currency: string): string {
  const amounts = tiers.map(({ unitAmountMinor }) => unitAmountMinor);
  const least = formatMoney(Math.min(...amounts), currency);
  return `More ${unit}: ${amounts.length > 1 ? "from " : ""}${least} each`;
}

/** "Up to 10 members", "Any number of members". */
export function seatWords(seats: number | null): string {
  if (seats === null) return "Any number of members";
  return seats === 1 ? "One member" : `Up to ${formatCount(seats)} members`;
}

/** The window that is open now, as it stands after a count: "3 AI requests today". */
export function openWindowWords(window: AllowanceWindow): string {
  switch (window) {
    case "day":
      return "today";
    case "month":
      return "this month";
    case "period":
      return "this billing period";
    case "lifetime":
      return "in total";
  }
}

/** A gauge is a level, so it is full rather than spent: its lifetime needs no word. */
export function windowWords(window: AllowanceWindow, kind: "counter" | "gauge"): string {
  switch (window) {
    case "day":
      return "a day";
    case "month":
      return "a month";
    case "period":
      return "per billing period";
    case "lifetime":
      return kind === "gauge" ? "" : "in total";
  }
}

/** A meter's name within a sentence: "Projects" loses its capital inside a sentence, "AI requests" keeps it. */
export function inSentence(name: string): string {
  const isAbbreviation = /^.[A-Z]/.test(name);
  return isAbbreviation ? name : name.charAt(0).toLowerCase() + name.slice(1);
}
