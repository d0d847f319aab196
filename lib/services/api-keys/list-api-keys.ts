import type { Context } from "@/lib/context";
import { apiKeyState, type ListedApiKey } from "@/lib/domain/api-key-state";
import { readScopes } from "@/lib/domain/api-scope";

/** A customer's keys, or with null the platform's, the newest first; what ended more than 30 days ago is left out. */
export async function listApiKeys(
  ctx: Pick<Context, "db" | "now">,
  { customerId }: { customerId: string | null },
): Promise<ListedApiKey[]> {
  const longAgo = new Date(ctx.now.getTime() - 30 * 86_400_000);
  const rows = await ctx.db.apiKey.findMany({
    where: {
      customerId,
      AND: [
        { OR: [{ revokedAt: null }, { revokedAt: { gt: longAgo } }] },
        { OR: [{ expiresAt: null }, { expiresAt: { gt: longAgo } }] },
      ],
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: 200,
  });
  return rows.map((row) => listedKey(row, ctx.now));
}

/** A stored key as its owner sees it. */
export function listedKey(
  row: Omit<ListedApiKey, "scopes" | "state"> & {
    scopes: string[];
    revokedAt: Date | null;
    replacedById: string | null;
  },
  now: Date,
): ListedApiKey {
  const { id, name, prefix, lastFour, createdAt, expiresAt, lastUsedAt } = row;
  return {
    id,
    name,
    prefix,
    lastFour,
    scopes: readScopes(row.scopes),
    state: apiKeyState(row, now),
    createdAt,
    expiresAt,
    lastUsedAt,
  };
}
