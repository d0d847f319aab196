import { randomBytes } from "node:crypto";
import type { DbTransaction } from "@/lib/db/client";
import { newId } from "@/lib/new-id";
import { hashToken } from "./hash-token";

/** Sessions end after this, used or not. */
export const SESSION_SECONDS = 30 * 24 * 60 * 60;
/** A browser's own description is a hundred or two; what is longer is somebody's joke. */
const USER_AGENT_LENGTH = 300;

export type OpenedSession = {
  /** What the session's cookie holds; the table has its hash. */
  sessionToken: string;
  expires: Date;
};

/**
 * Opens a session, by whatever way a person signed in. Always a new one under a new token: no token that was in a
 * browser before is ever given rights. (V11)
 */
export async function openSession(
  db: DbTransaction,
  { userId, userAgent, sessionToken = randomBytes(32).toString("hex") }: NewSession,
): Promise<OpenedSession> {
  const now = new Date();
  const expires = new Date(now.getTime() + SESSION_SECONDS * 1000);
  await db.session.create({
    data: {
      id: newId(),
      sessionToken: hashToken(sessionToken),
      userId,
      expires,
      createdAt: now,
      lastSeenAt: now,
      // Postgres stores no NUL.
      userAgent: userAgent?.replaceAll("\0", "").slice(0, USER_AGENT_LENGTH) || null,
    },
  });
  return { sessionToken, expires };
}

type NewSession = {
  userId: string;
  /** What the browser says it is, if it does. */
  userAgent: string | null;
  /** Given by next-auth, which makes its own at random. */
  sessionToken?: string;
};
