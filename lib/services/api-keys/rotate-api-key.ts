import { AppError } from "@/lib/app-error";
import { newApiKey } from "@/lib/auth/new-api-key";
import type { Context } from "@/lib/context";
import { isApiKeyLive } from "@/lib/domain/api-key-state";
import { newId } from "@/lib/new-id";
import { type Actor, writeAuditEntry } from "@/lib/services/audit/write-audit-entry";
import { revokeAtEdge } from "@/lib/services/edge/announce-api-key";
import { assertApiAccess, findApiAccess } from "@/lib/services/entitlements/find-api-access";
import { forgetApiKey } from "./find-api-key-caller";
import { assertRoomForKey, lockKeyOwner } from "./lock-key-owner";

/**
 * Makes a key with the same name, scopes and expiry, and lets the old one live on for `overlapHours`, so that what
 * uses it can be changed without an interruption. 0 ends the old one at once.
 * @returns the new key, shown once.
 * @throws AppError `not_found` for a key that is not this owner's; `conflict` for one that was rotated already or
 * no longer lives; `forbidden` when the customer's plan does not let them call by key.
 */
export async function rotateApiKey(
  ctx: Pick<Context, "db" | "now">,
  input: { customerId: string | null; apiKeyId: string; overlapHours: number; actor: Actor },
): Promise<{ id: string; key: string }> {
  const { customerId, apiKeyId, overlapHours, actor } = input;
  if (customerId) assertApiAccess(await findApiAccess(ctx, { customerId }));
  const { key, ...stored } = newApiKey(customerId ? "customer" : "platform");
  const id = newId();
  const oldHash = await ctx.db.$transaction(async (transaction) => {
    await lockKeyOwner(transaction, customerId);
    const old = await transaction.apiKey.findFirst({ where: { id: apiKeyId, customerId } });
    if (!old) throw new AppError("not_found", "There is no such key.");
    if (old.replacedById) throw new AppError("conflict", "This key has been rotated already.");
    if (!isApiKeyLive(old, ctx.now)) throw new AppError("conflict", "This key is not valid any more.");
    await assertRoomForKey(ctx, transaction, customerId);
    await transaction.apiKey.create({
      data: {
        id,
        customerId,
        name: old.name,
        scopes: old.scopes,
        expiresAt: old.expiresAt,
        createdAt: ctx.now,
        ...stored,
      },
    });
    const overlapEnd = new Date(ctx.now.getTime() + overlapHours * 3_600_000);
    await transaction.apiKey.update({
      where: { id: apiKeyId },
      data: {
        replacedById: id,
        expiresAt: old.expiresAt && old.expiresAt < overlapEnd ? old.expiresAt : overlapEnd,
      },
    });
    await writeAuditEntry(ctx, transaction, {
      actor,
      action: "api_key.rotated",
      customerId,
      targetId: apiKeyId,
      details: { replaced_by: id, overlap_hours: overlapHours },
    });
    return old.keyHash;
  });
  forgetApiKey(ctx, apiKeyId);
  if (overlapHours === 0) await revokeAtEdge(ctx, oldHash);
  return { id, key };
}
