import type { Context } from "@/lib/context";
import type { DbTransaction } from "@/lib/db/client";
import { newId } from "@/lib/new-id";

/** Who did it. */
export type Actor = { kind: "user"; id: string } | { kind: "api_key"; id: string } | { kind: "system" };

export type AuditAction =
  | "api_key.created"
  | "api_key.rotated"
  | "api_key.revoked"
  | "customer.created"
  | "customer.updated"
  | "plan.created"
  | "plan.changed";

/**
 * Writes who did what, in the transaction that does it: one is never without the other. `details` hold ids and plain
 * facts, never names or addresses.
 */
export async function writeAuditEntry(
  { now }: Pick<Context, "now">,
  transaction: DbTransaction,
  entry: {
    actor: Actor;
    action: AuditAction;
    targetId: string;
    customerId?: string | null;
    details?: Record<string, string | number | boolean | null | string[]>;
  },
): Promise<void> {
  const { actor, ...rest } = entry;
  await transaction.auditEntry.create({
    data: {
      id: newId(),
      occurredAt: now,
      actor: actor.kind === "system" ? "system" : `${actor.kind}:${actor.id}`,
      ...rest,
    },
  });
}
