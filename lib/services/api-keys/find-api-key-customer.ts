import { hashToken } from "@/lib/auth/hash-token";
import type { Context } from "@/lib/context";
import { demoAddress } from "@/lib/domain/demo-account";

/** Who calls by API key: a customer, not a person. */
export type ApiCaller = { customerId: string };

const DEMO_KEY = /^tk_local_([a-z]+)$/;

/**
 * The customer an API key belongs to, or null. `tk_local_<account>` names a demo account; such keys are never
 * stored and mean nothing outside local mode.
 */
export async function findApiKeyCustomer(
  ctx: Pick<Context, "db" | "env" | "now">,
  key: string,
): Promise<ApiCaller | null> {
  if (key.startsWith("tk_local_")) {
    const account = ctx.env.local ? DEMO_KEY.exec(key)?.[1] : undefined;
    return account ? findDemoCustomer(ctx, demoAddress(account)) : null;
  }
  const row = await ctx.db.apiKey.findUnique({ where: { keyHash: hashToken(key) } });
  if (!row || row.revokedAt || (row.expiresAt && row.expiresAt <= ctx.now)) return null;
  return { customerId: row.customerId };
}

async function findDemoCustomer(ctx: Pick<Context, "db">, email: string): Promise<ApiCaller | null> {
  const membership = await ctx.db.member.findFirst({
    where: { user: { email }, customer: { type: "personal" } },
  });
  return membership && { customerId: membership.customerId };
}
