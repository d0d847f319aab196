import { createHash, randomBytes, randomInt } from "node:crypto";
import { SIGN_IN_LINK_MINUTES } from "@/lib/auth/auth-options";
import { hashSignInCode } from "@/lib/auth/hash-sign-in-code";
import type { Context } from "@/lib/context";
import { SIGN_IN_CODE_DIGITS } from "@/lib/domain/sign-in-code";

/**
 * Makes a link that signs its bearer in as `email`, once, within the next minutes, and a code that does the same. The
 * link leads to a page with a button, because mail scanners follow links; the button leads to next-auth, which
 * consumes the token.
 * @param returnTo a path on this site.
 */
export async function issueSignInLink(
  ctx: Pick<Context, "db" | "env">,
  input: { email: string; returnTo: string },
): Promise<{ url: string; code: string }> {
  const { authSecret, appUrl } = ctx.env;
  // Links that nobody used are forgotten when the next one is asked for.
  await ctx.db.verificationToken.deleteMany({
    where: { identifier: input.email, expires: { lt: new Date() } },
  });
  const token = randomBytes(32).toString("hex");
  const code = String(randomInt(10 ** SIGN_IN_CODE_DIGITS)).padStart(SIGN_IN_CODE_DIGITS, "0");
  await ctx.db.verificationToken.create({
    data: {
      identifier: input.email,
      // As next-auth hashes it: token and secret, so the table alone signs nobody in.
      token: createHash("sha256").update(`${token}${authSecret}`).digest("hex"),
      codeHash: hashSignInCode(authSecret, { email: input.email, code }),
      expires: new Date(Date.now() + SIGN_IN_LINK_MINUTES * 60_000),
    },
  });
  const query = new URLSearchParams({ callbackUrl: input.returnTo, token, email: input.email });
  return { url: `${appUrl}/sign-in/confirm?${query}`, code };
}
