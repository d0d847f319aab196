import type { Context } from "@/lib/context";
import { findEdgePublisher } from "./announce-usage";

/** Has the edge know a valid key that may read usage, for a minute. Waits for nothing and never throws. */
export function announceApiKey(
  ctx: Pick<Context, "db">,
  key: {
    hash: string;
    customerId: string | null;
    scopes: readonly string[];
    expiresAt: Date | null;
  },
): void {
  const { hash, customerId, scopes, expiresAt } = key;
  if (!scopes.includes("usage:read")) return;
  findEdgePublisher(ctx)?.rememberKey({ hash, customerId, expiresAt });
}

/**
 * Has the edge refuse a key from now on. Takes 100 ms at most and never throws: a Redis that does not hear of it forgets
 * the key within a minute.
 */
export async function revokeAtEdge(ctx: Pick<Context, "db">, keyHash: string): Promise<void> {
  await findEdgePublisher(ctx)?.revokeKey(keyHash);
}
