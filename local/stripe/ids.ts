import { createHash, randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Length of the part after the prefix, as Stripe's own ids have it. */
const LENGTHS: Record<string, number> = { cus: 14, prod: 14, si: 14, req: 14, cs_test: 58, whsec: 32 };
const DEFAULT_LENGTH = 24;

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

/**
 * A fresh id that looks like Stripe's, e.g. `newId("sub")` gives "sub_1xNu…". The long ones begin with the time, or with
 * their number when seeded: neighbours in time are neighbours in the index, which makes writing many of them quick.
 */
export function newId(prefix: string): string {
  const length = LENGTHS[prefix] ?? DEFAULT_LENGTH;
  const number = draw(prefix);
  if (length !== DEFAULT_LENGTH) return `${prefix}_${textFor(prefix, number, length)}`;
  const start = leadOf(number ?? Math.floor(Date.now() / 1000));
  return `${prefix}_${start}${textFor(prefix, number, length - start.length)}`;
}

/** Letters and digits; unguessable unless the store is seeded. */
export function randomText(length: number): string {
  return textFor("", draw(""), length);
}

/** How many were drawn before, or null when ids are random. */
function draw(prefix: string): number | null {
  if (current === null || current.seed === null) return null;
  const count = current.drawn.get(prefix) ?? 0;
  if (!current.before.has(prefix)) current.before.set(prefix, count);
  current.drawn.set(prefix, count + 1);
  return count;
}

function textFor(prefix: string, number: number | null, length: number): string {
  if (number === null) return textOf(length, takeRandomBytes);
  let block = 0;
  return textOf(length, () => {
    block += 1;
    return createHash("sha256").update(`${current?.seed}:${prefix}:${number}:${block}`).digest();
  });
}

/** Six letters and digits that sort as the numbers do; the present's begin with "1". */
function leadOf(number: number): string {
  let [text, rest] = ["", number];
  while (text.length < 6) {
    text = `${ALPHABET[rest % 62]}${text}`;
    rest = Math.floor(rest / 62);
  }
  return text;
}

// Asking the system for a few bytes at a time costs more than all the rest of an id.
let pool = Buffer.alloc(0);

function takeRandomBytes(length: number): Uint8Array {
  if (pool.length < length) pool = randomBytes(8192);
  const taken = pool.subarray(0, length);
  pool = pool.subarray(length);
  return taken;
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
