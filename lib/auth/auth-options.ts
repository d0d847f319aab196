import { PrismaAdapter } from "@next-auth/prisma-adapter";
import type { Account, NextAuthOptions } from "next-auth";
import type { Adapter, AdapterAccount, AdapterUser } from "next-auth/adapters";
import type { Db } from "@/lib/db/client";
import { isDemoAddress } from "@/lib/domain/demo-account";
import { EmailAddress } from "@/lib/domain/email-address";
import type { Env } from "@/lib/env";
import { logError } from "@/lib/log";
import { consumeSignInToken } from "./consume-sign-in-token";
import { createUser } from "./create-user";
import { hashToken } from "./hash-token";
import { type OauthHosts, oauthProviders } from "./oauth-providers";
import { openSession, SESSION_SECONDS } from "./open-session";

export const SIGN_IN_LINK_MINUTES = 15;
/** Where a person goes whom an OAuth provider does not vouch for. */
export const OAUTH_UNVERIFIED = "OAuthUnverified";

export type AuthConfig = {
  db: Db;
  env: Pick<Env, "local" | "appUrl" | "authSecret" | "oauth">;
  /** Business time, for the customer of a new person. */
  now: Date;
  userAgent: string | null;
  /** The cookie of whoever is signed in already: they connect the account they come with. */
  sessionToken: string | null;
  /** Makes what next-auth was given as return address a path on this site. */
  safeReturnPath: (path: string) => string;
  oauthHosts?: OauthHosts;
};

/**
 * next-auth with database sessions: revocable, unlike signed tokens. It consumes the sign-in link, speaks OAuth and
 * opens the session; asking for a link goes through `sendSignInLink`, which limits the rate.
 */
export function authOptions(config: AuthConfig): NextAuthOptions {
  const { env } = config;
  const adapter = hashingAdapter(config);
  return {
    secret: env.authSecret,
    adapter,
    session: { strategy: "database", maxAge: SESSION_SECONDS },
    pages: { signIn: "/sign-in", error: "/sign-in", verifyRequest: "/sign-in" },
    callbacks: {
      signIn: async ({ user, account }) =>
        (await mayEnter(config, adapter, account, user.email)) ||
        `${env.appUrl}/sign-in?error=${OAUTH_UNVERIFIED}`,
      redirect: ({ url, baseUrl }) =>
        `${baseUrl}${config.safeReturnPath(url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length) : url)}`,
    },
    // What goes wrong is logged by its code: the details hold profiles and tokens.
    logger: {
      error: (code, details) =>
        logError(`next_auth.${code}`, details instanceof Error ? details : details.error),
      warn: () => {},
      debug: () => {},
    },
    providers: [
      ...oauthProviders(env.oauth, config.oauthHosts),
      // A plain object: the package's own e-mail provider would pull in nodemailer.
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

/**
 * Whether an OAuth account opens anything: when it is connected already, when the person is signed in and connects
 * it now, or when the provider vouches for its address. Otherwise whoever types somebody's address into a profile
 * would be that person.
 */
async function mayEnter(
  { sessionToken }: AuthConfig,
  adapter: Adapter,
  account: Account | null,
  email: string | null | undefined,
): Promise<boolean> {
  if (account?.type !== "oauth") return true;
  const { provider, providerAccountId } = account;
  if (await adapter.getUserByAccount?.({ provider, providerAccountId })) return true;
  if (sessionToken && (await adapter.getSessionAndUser?.(sessionToken))) return true;
  return EmailAddress.safeParse(email).success;
}

/** The library's adapter, but session tokens are stored hashed, OAuth tokens not at all, and a user has a customer. */
function hashingAdapter({ db, env, now, userAgent }: AuthConfig): Adapter {
  // The adapter is typed for the client of `prisma-client-js`; the calls it makes are the same.
  const base = PrismaAdapter(db as unknown as Parameters<typeof PrismaAdapter>[0]);
  return {
    ...base,
    // Whoever is new has just followed a link from their mailbox, or their provider vouches for it.
    createUser: async (user: Omit<AdapterUser, "id">) =>
      createUser(db, {
        email: EmailAddress.parse(user.email),
        name: user.name ?? null,
        emailVerified: user.emailVerified ?? new Date(),
        now,
      }),
    linkAccount: async ({ userId, type, provider, providerAccountId }: AdapterAccount) => {
      await db.account.create({ data: { userId, type, provider, providerAccountId } });
    },
    useVerificationToken: (used) => consumeSignInToken(db, used),
    createSession: async ({ sessionToken, userId }) => ({
      userId,
      ...(await openSession(db, { userId, userAgent, sessionToken })),
    }),
    // next-auth asks for the session of whoever comes back from a provider, and does not look whether it is over.
    getSessionAndUser: async (sessionToken) => {
      const found = await base.getSessionAndUser?.(hashToken(sessionToken));
      if (!found || found.session.expires <= new Date()) return null;
      if (!env.local && isDemoAddress(found.user.email)) return null;
      return { user: found.user, session: { ...found.session, sessionToken } };
    },
    updateSession: async (session) =>
      base.updateSession?.({ ...session, sessionToken: hashToken(session.sessionToken) }) ?? null,
    deleteSession: async (sessionToken) => {
      await db.session.deleteMany({ where: { sessionToken: hashToken(sessionToken) } });
    },
  };
}
