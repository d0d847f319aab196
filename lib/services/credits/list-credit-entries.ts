import type { Context } from "@/lib/context";
import type { CreditEntryKind } from "@/lib/db/generated/enums";
import { toSafeNumber } from "@/lib/db/safe-number";
import type { Page, PageRequest } from "@/lib/domain/page";

export type CreditEntrySummary = {
  /** Its number in the customer's ledger, from 1 without a gap. */
  sequence: number;
  occurredAt: Date;
  kind: CreditEntryKind;
  /** Signed. */
  amount: number;
  balanceAfter: number;
  reservationId: string | null;
  reason: string | null;
  /** Which lots it filled or drew and by how much; the rest of `amount` made or paid a debt. */
  lots: { id: string; amount: number }[];
};

/**
 * What changed a customer's credits, newest first. Credits that have expired leave the balance at once and this list has
 * their entry with the next change. (S1-75)
 * @param input.page its `after.id` is the sequence of the entry it continues after.
 */
export async function listCreditEntries(
  ctx: Pick<Context, "db">,
  { customerId, page }: { customerId: string; page: PageRequest },
): Promise<Page<CreditEntrySummary>> {
  const { after, limit } = page;
  const rows = await ctx.db.creditEntry.findMany({
    where: { customerId, ...(after && { sequence: { lt: BigInt(after.id) } }) },
    orderBy: { sequence: "desc" },
    take: limit + 1,
  });
  const items = rows.slice(0, limit).map((entry) => ({
    sequence: toSafeNumber(entry.sequence),
    occurredAt: entry.occurredAt,
    kind: entry.kind,
    amount: toSafeNumber(entry.amount),
    balanceAfter: toSafeNumber(entry.balanceAfter),
    reservationId: entry.reservationId,
    reason: entry.reason,
    lots: entry.lotIds.map((id, position) => ({
      id,
      amount: toSafeNumber(entry.lotAmounts[position] ?? 0n),
    })),
  }));
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, next: last ? { createdAt: last.occurredAt, id: String(last.sequence) } : null };
}
