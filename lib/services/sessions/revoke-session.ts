import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";

/**
 * Ends one of a person's sessions; whoever holds its cookie is signed out with their next request.
 * @throws AppError `not_found` for a session that is over, or somebody else's: the two look alike.
 */
export async function revokeSession(
  ctx: Pick<Context, "db">,
  { userId, sessionId }: { userId: string; sessionId: string },
): Promise<void> {
  const { count } = await ctx.db.session.deleteMany({ where: { id: sessionId, userId } });
  if (count === 0) throw new AppError("not_found", "This session is over already.");
}
