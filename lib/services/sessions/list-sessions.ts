import type { Context } from "@/lib/context";
import { deviceName } from "@/lib/domain/device-name";

export type SessionSummary = {
  id: string;
  device: string;
  signedInAt: Date;
  lastSeenAt: Date;
  isThisDevice: boolean;
};

/** A person's sessions that still open something: the one asking first, then by when they were last seen. */
export async function listSessions(
  ctx: Pick<Context, "db">,
  { userId, currentSessionId }: { userId: string; currentSessionId: string },
): Promise<SessionSummary[]> {
  const sessions = await ctx.db.session.findMany({
    where: { userId, expires: { gt: new Date() } },
    orderBy: [{ lastSeenAt: "desc" }, { id: "desc" }],
  });
  return sessions
    .map(({ id, userAgent, createdAt, lastSeenAt }) => ({
      id,
      device: deviceName(userAgent),
      signedInAt: createdAt,
      lastSeenAt,
      isThisDevice: id === currentSessionId,
    }))
    .sort((a, b) => Number(b.isThisDevice) - Number(a.isThisDevice));
}
