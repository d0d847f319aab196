import { hashToken } from "@/lib/auth/hash-token";
import type { Context } from "@/lib/context";

export type PendingEmailChange = { oldEmail: string; newEmail: string; isConfirmedHere: boolean };

/** The change that a mailed link is about, or null when it is over, replaced or too old. */
export async function findEmailChange(
  ctx: Pick<Context, "db">,
  { token }: { token: string },
): Promise<PendingEmailChange | null> {
  const hash = hashToken(token);
  const change = await ctx.db.emailChange.findFirst({
    where: { expiresAt: { gt: new Date() }, OR: [{ oldTokenHash: hash }, { newTokenHash: hash }] },
    include: { user: { select: { email: true } } },
  });
  if (!change) return null;
  const confirmedAt = change.oldTokenHash === hash ? change.oldConfirmedAt : change.newConfirmedAt;
  return { oldEmail: change.user.email, newEmail: change.newEmail, isConfirmedHere: confirmedAt !== null };
}

/** The address a person is changing to, while it waits to be confirmed. */
export async function findPendingAddress(
  ctx: Pick<Context, "db">,
  { userId }: { userId: string },
): Promise<string | null> {
  const change = await ctx.db.emailChange.findFirst({ where: { userId, expiresAt: { gt: new Date() } } });
  return change?.newEmail ?? null;
}
