import { randomInt } from "node:crypto";
import { hashToken } from "./hash-token";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** 62^32 is 190 bits. Letters and digits only: a double click selects the whole key. */
const RANDOM_LENGTH = 32;
const SHOWN_LENGTH = 4;

const PREFIX = { customer: "tk_", platform: "tk_platform_" } as const;

export type NewApiKey = { key: string; keyHash: string; prefix: string; lastFour: string };

/** A random key, what is stored of it, and what of it may be shown again. */
export function newApiKey(kind: keyof typeof PREFIX): NewApiKey {
  const random = Array.from({ length: RANDOM_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  const key = `${PREFIX[kind]}${random}`;
  return {
    key,
    keyHash: hashToken(key),
    prefix: `${PREFIX[kind]}${random.slice(0, SHOWN_LENGTH)}`,
    lastFour: random.slice(-SHOWN_LENGTH),
  };
}
