import type { Context } from "@/lib/context";
import type { OauthProviderId } from "@/lib/domain/oauth-provider";

/** Takes a provider's account off a person, who goes on signing in by mail. Doing it twice changes nothing more. */
export async function disconnectSignInMethod(
  ctx: Pick<Context, "db">,
  { userId, provider }: { userId: string; provider: OauthProviderId },
): Promise<void> {
  await ctx.db.account.deleteMany({ where: { userId, provider } });
}
