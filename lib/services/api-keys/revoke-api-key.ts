import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { type Actor, writeAuditEntry } from "@/lib/services/audit/write-audit-entry";
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
  await ctx.db.$transaction(async (transaction) => {
    // So that no rotation that has just looked at the key makes a new one of it.
    await lockKeyOwner(transaction, customerId);
    const { count } = await transaction.apiKey.updateMany({
      where: { id: apiKeyId, customerId, revokedAt: null },
      data: { revokedAt: ctx.now },
    });
    if (count === 0) {
      const known = await transaction.apiKey.count({ where: { id: apiKeyId, customerId } });
      if (known === 0) throw new AppError("not_found", "There is no such key.");
      return;
    }
    await writeAuditEntry(ctx, transaction, {
      actor,
      action: "api_key.revoked",
      customerId,
      targetId: apiKeyId,
    });
  });
  forgetApiKey(ctx, apiKeyId);
}
