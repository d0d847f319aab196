import { AppError } from "@/lib/app-error";
import { newApiKey } from "@/lib/auth/new-api-key";
import type { Context } from "@/lib/context";
import type { ApiScope } from "@/lib/domain/api-scope";
import { newId } from "@/lib/new-id";
import { type Actor, writeAuditEntry } from "@/lib/services/audit/write-audit-entry";
import { assertApiAccess, findApiAccess } from "@/lib/services/entitlements/find-api-access";
import { assertRoomForKey, lockKeyOwner } from "./lock-key-owner";

/**
 * Creates an API key: a customer's, or with `customerId` null a platform key. A platform key is for a platform admin
 * to make, which the caller has checked.
 * @returns the key itself, which is shown once and stored only as a hash.
 * @throws AppError `conflict` when the owner has `MAX_LIVE_API_KEYS` already; `invalid_request` for an expiry that
 * is over; `forbidden` when the customer's plan does not let them call by key.
 */
export async function createApiKey(
  ctx: Pick<Context, "db" | "now">,
  input: {
    customerId: string | null;
    name: string;
    scopes: ApiScope[];
    expiresAt: Date | null;
    actor: Actor;
  },
): Promise<{ id: string; key: string }> {
  const { customerId, name, scopes, expiresAt, actor } = input;
  if (expiresAt && expiresAt <= ctx.now) {
    throw new AppError("invalid_request", "The request is not valid.", {
      fields: [{ field: "expires_at", message: "must be in the future" }],
    });
  }
  if (customerId) assertApiAccess(await findApiAccess(ctx, { customerId }));
  const { key, ...stored } = newApiKey(customerId ? "customer" : "platform");
  const id = newId();
  await ctx.db.$transaction(async (transaction) => {
    // So that two at once do not both see the last free place.
    await lockKeyOwner(transaction, customerId);
    await assertRoomForKey(ctx, transaction, customerId);
    await transaction.apiKey.create({
      data: { id, customerId, name, scopes, expiresAt, createdAt: ctx.now, ...stored },
    });
    await writeAuditEntry(ctx, transaction, {
      actor,
      action: "api_key.created",
      customerId,
      targetId: id,
      details: { scopes },
    });
  });
  return { id, key };
}
