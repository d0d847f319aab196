import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Length of the part after the prefix, as Stripe's own ids have it; whatever is not listed has 24. */
const LENGTHS: Record<string, number> = { cus: 14, prod: 14, si: 14, req: 14, cs_test: 58, whsec: 32 };

/** A fresh id that looks like Stripe's, e.g. `newId("sub")` gives "sub_1TzK…". */
export function newId(prefix: string): string {
  const length = LENGTHS[prefix] ?? 24;
  return `${prefix}_${randomText(length)}`;
}

/** Random letters and digits, unguessable. */
export function randomText(length: number): string {
  let text = "";
  // 248 is the largest multiple of 62 below 256: bytes above it would favour the first letters.
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}
