import { timingSafeEqual } from "node:crypto";

/** Compares secrets without telling by the time taken how much of them was right. */
export function secretsEqual(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
