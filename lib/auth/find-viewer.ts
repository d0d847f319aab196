import type { Db } from "@/lib/db/client";
import { isDemoAddress } from "@/lib/domain/demo-account";
import type { Env } from "@/lib/env";
import { hashToken } from "./hash-token";

export type MemberRole = "owner" | "admin" | "member";

/** The person looking, and the customer they act for. */
export type Viewer = {
  userId: string;
  email: string;
  name: string | null;
  isPlatformAdmin: boolean;
  customer: { id: string; name: string; role: MemberRole };
};

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
  const membership = user.members.find((member) => member.customer.type === "personal");
  if (!membership) throw new Error(`user ${user.id} has no personal customer`);
  return {
    userId: user.id,
    email: user.email,
    name: user.name,
    isPlatformAdmin: user.isPlatformAdmin,
    customer: { id: membership.customer.id, name: membership.customer.name, role: membership.role },
  };
}
