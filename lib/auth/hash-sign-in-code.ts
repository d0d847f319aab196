import { createHmac } from "node:crypto";

/** How a sign-in code is stored: bound to its address, and keyed, since a million codes are soon tried out. */
export function hashSignInCode(authSecret: string, { email, code }: { email: string; code: string }): string {
  return createHmac("sha256", authSecret).update(`code:${email}:${code}`).digest("hex");
}
