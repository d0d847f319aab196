import { randomBytes } from "node:crypto";
import { AppError } from "@/lib/app-error";
import { SESSION_SECONDS } from "@/lib/auth/auth-options";
import { hashToken } from "@/lib/auth/hash-token";
import type { Context } from "@/lib/context";
import type { DemoAccount } from "@/lib/domain/demo-account";
import { newId } from "@/lib/new-id";

/**
 * Opens a session as a demo account, for the buttons on the sign-in page.
 * @returns what the session's cookie holds, and until when.
 * @throws AppError `not_found` outside local mode: there are no demo accounts.
 */
export async function startDemoSession(
  ctx: Pick<Context, "db" | "env">,
  { account }: { account: DemoAccount },
): Promise<{ sessionToken: string; expires: Date }> {
  const user = ctx.env.local ? await ctx.db.user.findUnique({ where: { email: account } }) : null;
  if (!user) throw new AppError("not_found", "There are no demo accounts here.");
  const sessionToken = randomBytes(32).toString("hex");
  const expires = new Date(Date.now() + SESSION_SECONDS * 1000);
  await ctx.db.session.create({
    data: { id: newId(), sessionToken: hashToken(sessionToken), userId: user.id, expires },
  });
  return { sessionToken, expires };
}
