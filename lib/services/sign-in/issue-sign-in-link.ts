import { createHash, randomBytes } from "node:crypto";
import { SIGN_IN_LINK_MINUTES } from "@/lib/auth/auth-options";
import type { Context } from "@/lib/context";

/**
 * Makes a link that signs its bearer in as `email`, once, within the next minutes. It leads to a page with a
 * button, because mail scanners follow links; the button leads to next-auth, which consumes the token.
 * @param returnTo a path on this site.
 */
export async function issueSignInLink(
  ctx: Pick<Context, "db" | "env">,
  input: { email: string; returnTo: string },
): Promise<string> {
  // Links that nobody used are forgotten when the next one is asked for.
  await ctx.db.verificationToken.deleteMany({
    where: { identifier: input.email, expires: { lt: new Date() } },
  });
  const token = randomBytes(32).toString("hex");
  await ctx.db.verificationToken.create({
    data: {
      identifier: input.email,
      // As next-auth hashes it: token and secret, so the table alone signs nobody in.
      token: createHash("sha256").update(`${token}${ctx.env.authSecret}`).digest("hex"),
      expires: new Date(Date.now() + SIGN_IN_LINK_MINUTES * 60_000),
    },
  });
  const query = new URLSearchParams({ callbackUrl: input.returnTo, token, email: input.email });
  return `${ctx.env.appUrl}/sign-in/confirm?${query}`;
}
