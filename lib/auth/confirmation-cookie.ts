import { hashToken } from "./hash-token";

/**
 * Proof that the button of the confirming page was pressed in this browser. Without it the address that consumes a
 * sign-in link does nothing: somebody else's link, followed unawares, would sign the reader in to their account.
 */
export const CONFIRMATION_COOKIE = "tollkeeper.sign-in";
export const CONFIRMATION_SECONDS = 60;

/** What the cookie holds for one link's token. */
export function confirmationOf(token: string): string {
  return hashToken(`confirmed:${token}`);
}
