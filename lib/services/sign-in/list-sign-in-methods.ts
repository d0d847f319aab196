import { configuredOauthProviders } from "@/lib/auth/oauth-providers";
import type { Context } from "@/lib/context";
import { OAUTH_PROVIDERS, type OauthProviderId } from "@/lib/domain/oauth-provider";
import type { Env } from "@/lib/env";

export type SignInMethod = {
  provider: OauthProviderId;
  isConnected: boolean;
  /** Whether this installation offers it; one that it offered once may still be connected. */
  isOffered: boolean;
};

/** The providers a person can sign in with or could connect. By mail everybody can, always. */
export async function listSignInMethods(
  ctx: Pick<Context, "db"> & { env: Pick<Env, "oauth"> },
  { userId }: { userId: string },
): Promise<SignInMethod[]> {
  const accounts = await ctx.db.account.findMany({ where: { userId }, select: { provider: true } });
  const connected = new Set(accounts.map(({ provider }) => provider));
  const offered = configuredOauthProviders(ctx.env.oauth);
  return OAUTH_PROVIDERS.map((provider) => ({
    provider,
    isConnected: connected.has(provider),
    isOffered: offered.includes(provider),
  })).filter(({ isConnected, isOffered }) => isConnected || isOffered);
}
