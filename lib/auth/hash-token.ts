import { createHash } from "node:crypto";

/** How a random token or key is stored. It has too many bits to guess, so a fast hash is enough. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
