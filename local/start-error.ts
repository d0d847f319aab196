/**
 * A start that failed for a reason the person at the terminal can act on. The message is one
 * line: what is wrong, then what to do. Whoever prints it leaves the stack out.
 */
export class LocalStartError extends Error {
  override name = "LocalStartError";
}
