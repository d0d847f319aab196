import { createHash, randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Length of the part after the prefix, as Stripe's own ids have it; whatever is not listed has 24. */
const LENGTHS: Record<string, number> = { cus: 14, prod: 14, si: 14, req: 14, cs_test: 58, whsec: 32 };

/**
 * Where ids come from. With a seed the n-th id of a prefix is always the same one, so the same calls give the same ids;
 * every prefix counts for itself, so that an event more does not change the next customer's. Without a seed they are random.
 */
export type IdSource = {
  seed: string | null;
  /** How many were drawn, by prefix. */
  drawn: Map<string, number>;
  /** What was drawn before the work that is under way, for those it drew from. */
  before: Map<string, number>;
};

/** A source nothing was drawn from. */
export function createIdSource(seed: string | null): IdSource {
  return { seed, drawn: new Map(), before: new Map() };
}

let current: IdSource | null = null;

/** Does the work with ids from the source. Work is synchronous, so nobody else's can come in between. */
export function withIdsFrom<T>(source: IdSource, work: () => T): T {
  const outer = current;
  current = source;
  try {
    return work();
  } finally {
    current = outer;
  }
}

/** A fresh id that looks like Stripe's, e.g. `newId("sub")` gives "sub_1TzK…". */
export function newId(prefix: string): string {
  return `${prefix}_${drawText(prefix, LENGTHS[prefix] ?? 24)}`;
}

/** Letters and digits; unguessable unless the store is seeded. */
export function randomText(length: number): string {
  return drawText("", length);
}

function drawText(prefix: string, length: number): string {
  if (current === null || current.seed === null) return textOf(length, randomBytes);
  const count = current.drawn.get(prefix) ?? 0;
  if (!current.before.has(prefix)) current.before.set(prefix, count);
  current.drawn.set(prefix, count + 1);
  const name = `${current.seed}:${prefix}:${count}`;
  let block = 0;
  return textOf(length, () => {
    block += 1;
    return createHash("sha256").update(`${name}:${block}`).digest();
  });
}

function textOf(length: number, bytesFor: (length: number) => Uint8Array): string {
  let text = "";
  // 248 is the largest multiple of 62 below 256: bytes above it would favour the first letters.
  while (text.length < length) {
    for (const byte of bytesFor(length)) {
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}
