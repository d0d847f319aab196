import { PrismaAdapter } from "@next-auth/prisma-adapter";
import type { NextAuthOptions } from "next-auth";
import type { Adapter, AdapterAccount, AdapterUser } from "next-auth/adapters";
import type { Db } from "@/lib/db/client";
import { newId } from "@/lib/new-id";
import { createUser } from "./create-user";
import { hashToken } from "./hash-token";

/** Sessions end after this, used or not. */
export const SESSION_SECONDS = 30 * 24 * 60 * 60;
export const SIGN_IN_LINK_MINUTES = 15;

/**
 * next-auth with database sessions: revocable, unlike signed tokens. It consumes the sign-in link and opens the
 * session; asking for a link goes through `sendSignInLink`, which limits the rate.
 */
export function authOptions(db: Db, config: { authSecret: string; now: () => Date }): NextAuthOptions {
  return {
    secret: config.authSecret,
    adapter: hashingAdapter(db, config.now),
    session: { strategy: "database", maxAge: SESSION_SECONDS },
    pages: { signIn: "/sign-in", error: "/sign-in", verifyRequest: "/sign-in" },
    // A plain object: the package's own e-mail provider would pull in nodemailer.
    providers: [
      {
        id: "email",
        type: "email",
        name: "Email",
        maxAge: SIGN_IN_LINK_MINUTES * 60,
        from: "",
        server: "",
        options: {},
        sendVerificationRequest: async () => {
          throw new Error("Links are sent by /sign-in only.");
        },
      },
    ],
  };
}

/** The library's adapter, but session tokens are stored hashed, OAuth tokens not at all, and a user has a customer. */
function hashingAdapter(db: Db, now: () => Date): Adapter {
  // The adapter is typed for the client of `prisma-client-js`; the calls it makes are the same.
  const base = PrismaAdapter(db as unknown as Parameters<typeof PrismaAdapter>[0]);
  return {
    ...base,
    createUser: async (user: Omit<AdapterUser, "id">) =>
      createUser(db, {
        email: user.email,
        name: user.name ?? null,
        emailVerified: user.emailVerified,
        now: now(),
      }),
    linkAccount: async ({ userId, type, provider, providerAccountId }: AdapterAccount) => {
      await db.account.create({ data: { userId, type, provider, providerAccountId } });
    },
    createSession: async ({ sessionToken, userId, expires }) => {
      await db.session.create({
        data: { id: newId(), sessionToken: hashToken(sessionToken), userId, expires },
      });
      return { sessionToken, userId, expires };
    },
    getSessionAndUser: async (sessionToken) =>
      (await base.getSessionAndUser?.(hashToken(sessionToken))) ?? null,
    updateSession: async (session) =>
      base.updateSession?.({ ...session, sessionToken: hashToken(session.sessionToken) }) ?? null,
    deleteSession: async (sessionToken) => {
      await db.session.deleteMany({ where: { sessionToken: hashToken(sessionToken) } });
    },
  };
}
