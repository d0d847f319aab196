import type { Context } from "@/lib/context";

/** Ends a person's sessions, all of them or all but one. */
export async function revokeAllSessions(
  ctx: Pick<Context, "db">,
  { userId, exceptSessionId }: { userId: string; exceptSessionId: string | null },
): Promise<void> {
  await ctx.db.session.deleteMany({
    where: { userId, ...(exceptSessionId ? { id: { not: exceptSessionId } } : {}) },
  });
}
