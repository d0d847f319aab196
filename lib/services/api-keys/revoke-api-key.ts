import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { type Actor, writeAuditEntry } from "@/lib/services/audit/write-audit-entry";
import { revokeAtEdge } from "@/lib/services/edge/announce-api-key";
import { forgetApiKey } from "./find-api-key-caller";
import { lockKeyOwner } from "./lock-key-owner";

/**
 * Ends a key for good. In this process it stops working at once, in others within a second. Revoking it again changes
 * nothing.
 * @throws AppError `not_found` for a key that is not this owner's.
 */
export async function revokeApiKey(
  ctx: Pick<Context, "db" | "now">,
  input: { customerId: string | null; apiKeyId: string; actor: Actor },
): Promise<void> {
  const { customerId, apiKeyId, actor } = input;
  const keyHash = await ctx.db.$transaction(async (transaction) => {
    // So that no rotation that has just looked at the key makes a new one of it.
    await lockKeyOwner(transaction, customerId);
    const key = await transaction.apiKey.findFirst({ where: { id: apiKeyId, customerId } });
    if (!key) throw new AppError("not_found", "There is no such key.");
    if (key.revokedAt) return key.keyHash;
    await transaction.apiKey.update({ where: { id: apiKeyId }, data: { revokedAt: ctx.now } });
    await writeAuditEntry(ctx, transaction, {
      actor,
      action: "api_key.revoked",
      customerId,
      targetId: apiKeyId,
    });
    return key.keyHash;
  });
  forgetApiKey(ctx, apiKeyId);
  await revokeAtEdge(ctx, keyHash);
}
