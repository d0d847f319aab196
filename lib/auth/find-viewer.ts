import type { Db } from "@/lib/db/client";
import { isDemoAddress } from "@/lib/domain/demo-account";
import type { Env } from "@/lib/env";
import { hashToken } from "./hash-token";

export type MemberRole = "owner" | "admin" | "member";

/** The person looking, and the customer they act for. */
export type Viewer = {
  userId: string;
  /** The session this request came with. */
  sessionId: string;
  email: string;
  name: string | null;
  isPlatformAdmin: boolean;
  customer: { id: string; name: string; role: MemberRole };
};

/** How often at most a session notes that it was seen: a write for every request would be too many. */
const SEEN_EVERY_MS = 5 * 60_000;

/** The name of next-auth's session cookie; over TLS it carries the prefix that binds it to secure origins. */
export function sessionCookieName(appUrl: string): string {
  return appUrl.startsWith("https:") ? "__Secure-next-auth.session-token" : "next-auth.session-token";
}

/** Whose session the cookie's token opens, or null when it opens none. Sessions use the wall clock. */
export async function findViewer(
  { db, env }: { db: Db; env: Pick<Env, "local"> },
  sessionToken: string | undefined,
): Promise<Viewer | null> {
  if (!sessionToken) return null;
  const session = await db.session.findUnique({
    where: { sessionToken: hashToken(sessionToken), expires: { gt: new Date() } },
    include: { user: { include: { members: { include: { customer: true } } } } },
  });
  if (!session) return null;
  // Made in local mode, in a database that later went live: the session must not come along.
  if (!env.local && isDemoAddress(session.user.email)) return null;
  const { user } = session;
  await noteSeen(db, session);
  const membership = user.members.find((member) => member.customer.type === "personal");
  if (!membership) throw new Error(`user ${user.id} has no personal customer`);
  return {
    userId: user.id,
    sessionId: session.id,
    email: user.email,
    name: user.name,
    isPlatformAdmin: user.isPlatformAdmin,
    customer: { id: membership.customer.id, name: membership.customer.name, role: membership.role },
  };
}

async function noteSeen(db: Db, { id, lastSeenAt }: { id: string; lastSeenAt: Date }): Promise<void> {
  const due = new Date(Date.now() - SEEN_EVERY_MS);
  if (lastSeenAt >= due) return;
  // Of requests at the same time one writes.
  await db.session.updateMany({ where: { id, lastSeenAt: { lt: due } }, data: { lastSeenAt: new Date() } });
}
