import { AppError } from "@/lib/app-error";
import { type OpenedSession, openSession } from "@/lib/auth/open-session";
import type { Context } from "@/lib/context";
import type { DemoAccount } from "@/lib/domain/demo-account";

/**
 * Opens a session as a demo account, for the buttons on the sign-in page.
 * @returns what the session's cookie holds, and until when.
 * @throws AppError `not_found` outside local mode: there are no demo accounts.
 */
export async function startDemoSession(
  ctx: Pick<Context, "db" | "env">,
  { account, userAgent = null }: { account: DemoAccount; userAgent?: string | null },
): Promise<OpenedSession> {
  const user = ctx.env.local ? await ctx.db.user.findUnique({ where: { email: account } }) : null;
  if (!user) throw new AppError("not_found", "There are no demo accounts here.");
  return openSession(ctx.db, { userId: user.id, userAgent });
}
