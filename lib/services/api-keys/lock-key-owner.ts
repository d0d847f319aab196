import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { DbTransaction } from "@/lib/db/client";

/** One change at a time to the keys of a customer, or with null to the platform's, until the transaction ends. */
export async function lockKeyOwner(transaction: DbTransaction, customerId: string | null): Promise<void> {
  if (customerId)
    await transaction.$queryRaw`select 1 from customers where id = ${customerId}::uuid for update`;
  // The catalogue's one row stands for the platform.
  else await transaction.$queryRaw`select 1 from catalogue for update`;
}

/** More than anybody tells apart; one is revoked to make another. */
export const MAX_LIVE_API_KEYS = 20;

/** Under the owner's lock. @throws AppError `conflict` when they have `MAX_LIVE_API_KEYS` keys that work. */
export async function assertRoomForKey(
  { now }: Pick<Context, "now">,
  transaction: DbTransaction,
  customerId: string | null,
): Promise<void> {
  const live = await transaction.apiKey.count({
    where: { customerId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
  });
  if (live < MAX_LIVE_API_KEYS) return;
  throw new AppError(
    "conflict",
    `There are ${MAX_LIVE_API_KEYS} keys already. Revoke one that is not needed any more.`,
  );
}
