import { hashToken } from "@/lib/auth/hash-token";
import type { Context } from "@/lib/context";

/**
 * Ends the session that a cookie's token opens, so that a copy of the cookie opens nothing either. Ending one
 * that is over changes nothing.
 */
export async function signOut(
  ctx: Pick<Context, "db">,
  { sessionToken }: { sessionToken: string },
): Promise<void> {
  await ctx.db.session.deleteMany({ where: { sessionToken: hashToken(sessionToken) } });
}
