import type { TestCard } from "./test-cards";

/** Whether the number could be a card's at all: 12 to 19 digits with a right check digit (Luhn). */
export function isPossibleCardNumber(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false;
  let sum = 0;
  [...number].reverse().forEach((digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  });
  return sum % 10 === 0;
}

/** The brand a number's first digits tell. */
export function brandOf(number: string): TestCard["brand"] | "unknown" {
  if (/^4/.test(number)) return "visa";
  if (/^(5[1-5]|2[2-7])/.test(number)) return "mastercard";
  if (/^3[47]/.test(number)) return "amex";
  if (/^(30|36|38)/.test(number)) return "diners";
  if (/^35/.test(number)) return "jcb";
  if (/^(6011|65)/.test(number)) return "discover";
  return /^62/.test(number) ? "unionpay" : "unknown";
}

/** A card is good until the end of its month. */
export function isExpired(expMonth: number, expYear: number, now: number): boolean {
  return Date.UTC(expYear, expMonth, 1) <= now * 1000;
}
