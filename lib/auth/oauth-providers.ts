import type { OAuthConfig } from "next-auth/providers/oauth";
import { z } from "zod";
import { OAUTH_PROVIDERS, type OauthProviderId } from "@/lib/domain/oauth-provider";
import type { Env } from "@/lib/env";

/** Where the providers are; a test names its own. */
export type OauthHosts = { github: string; githubApi: string; google: string };
const HOSTS: OauthHosts = {
  github: "https://github.com",
  githubApi: "https://api.github.com",
  google: "https://accounts.google.com",
};

/** Those with a client in the configuration. */
export function configuredOauthProviders(oauth: Env["oauth"]): OauthProviderId[] {
  return OAUTH_PROVIDERS.filter((provider) => oauth[provider]);
}

/**
 * The configured providers for next-auth. A profile has an address only if the provider vouches that it is the
 * person's own; whoever comes without one is nobody we know, whatever they say (see `mayEnter`). Hence an account with
 * the same address may be taken for the same person. State and PKCE are asked of both. (V11, GHSA-x445-f3h2-j279)
 */
export function oauthProviders(oauth: Env["oauth"], hosts: OauthHosts = HOSTS): OAuthConfig<OauthProfile>[] {
  const shared = {
    type: "oauth" as const,
    checks: ["pkce", "state"] as OAuthConfig<OauthProfile>["checks"],
    allowDangerousEmailAccountLinking: true,
    profile: ({ id, name, verifiedEmail }: OauthProfile) => ({
      id,
      name: name || null,
      email: verifiedEmail,
      image: null,
    }),
  };
  const providers: OAuthConfig<OauthProfile>[] = [];
  if (oauth.github) {
    providers.push({
      ...shared,
      ...oauth.github,
      id: "github",
      name: "GitHub",
      issuer: `${hosts.github}/login/oauth`,
      authorization: {
        url: `${hosts.github}/login/oauth/authorize`,
        params: { scope: "read:user user:email" },
      },
      token: `${hosts.github}/login/oauth/access_token`,
      userinfo: { request: ({ tokens }) => readGithubProfile(hosts.githubApi, tokens.access_token ?? "") },
    });
  }
  if (oauth.google) {
    providers.push({
      ...shared,
      ...oauth.google,
      id: "google",
      name: "Google",
      wellKnown: `${hosts.google}/.well-known/openid-configuration`,
      authorization: { params: { scope: "openid email profile", prompt: "select_account" } },
      idToken: true,
      // next-auth verifies the token's signature, audience, issuer and age before it hands out the claims.
      userinfo: { request: async ({ tokens }) => readGoogleClaims(tokens) },
    });
  }
  return providers;
}

/** Who somebody is at the provider. */
export type OauthProfile = {
  id: string /** Empty when it says none. */;
  name: string;
  verifiedEmail: string | null;
};

const GithubUser = z.object({ id: z.number(), login: z.string(), name: z.string().nullish() });
const GithubEmails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** The address in GitHub's public profile is not used: only the list says which are verified. */
async function readGithubProfile(api: string, accessToken: string): Promise<OauthProfile> {
  const read = async (path: string): Promise<unknown> => {
    const response = await fetch(`${api}${path}`, {
      headers: { authorization: `Bearer ${accessToken}`, accept: "application/vnd.github+json" },
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`GitHub answered ${path} with ${response.status}`);
    return response.json();
  };
  const [user, emails] = await Promise.all([read("/user"), read("/user/emails")]);
  const { id, login, name } = GithubUser.parse(user);
  const own = GithubEmails.parse(emails).find(({ primary, verified }) => primary && verified);
  return { id: String(id), name: name || login, verifiedEmail: own?.email ?? null };
}

const GoogleClaims = z.object({
  sub: z.string().min(1),
  name: z.string().optional(),
  email: z.string().optional(),
  email_verified: z.union([z.boolean(), z.string()]).optional(),
});

function readGoogleClaims(tokens: object): OauthProfile {
  // next-auth hands over openid-client's TokenSet; its types know the plain values only.
  const claims = (tokens as { claims(): unknown }).claims();
  const { sub, name, email, email_verified: verified } = GoogleClaims.parse(claims);
  const isVerified = verified === true || verified === "true";
  return { id: sub, name: name ?? "", verifiedEmail: isVerified ? (email ?? null) : null };
}
