import type { Context } from "@/lib/context";
import type { UsePayment } from "@/lib/db/decide-uses";
import type { UsageSource } from "@/lib/db/generated/enums";
import type { UsageEventModel } from "@/lib/db/generated/models";
import { toSafeNumber } from "@/lib/db/safe-number";
import type { AllowanceWindow } from "@/lib/domain/catalogue";
import type { Page, PageRequest } from "@/lib/domain/page";

/** Only what is named narrows the list; `to` itself is not in it. */
export type UsageFilter = { meter?: string; userId?: string; from?: Date; to?: Date };

/** A use and what explains it. What the provider charged us for it is the platform's alone and not in here. */
export type UsageEventSummary = {
  id: string;
  occurredAt: Date;
  reservationId: string;
  userId: string | null;
  meter: string;
  /** Below zero where it lowered a level. */
  quantity: number;
  paidBy: UsePayment;
  /** The entry of the credit ledger that paid `paidBy.credits`. */
  creditSequence: number | null;
  /** Units that were held for it, and how many of them were given back. */
  held: number;
  released: number;
  /** The windows it is counted in. */
  windows: { window: AllowanceWindow; start: Date }[];
  source: UsageSource;
  model: string | null;
  requestId: string | null;
  priceVersion: number | null;
  details: unknown;
};

/**
 * A customer's uses, newest first, by key: after the last one's time and id. Whatever bounds the time is said to the
 * database, so that only those months are read. (S2-34, S3-09)
 */
export async function listUsageEvents(
  ctx: Pick<Context, "db">,
  { customerId, filter, page }: { customerId: string; filter: UsageFilter; page: PageRequest },
): Promise<Page<UsageEventSummary>> {
  const { after, limit } = page;
  const { meter, userId, from, to } = filter;
  const rows = await ctx.db.usageEvent.findMany({
    where: {
      customerId,
      ...(meter === undefined ? {} : { meterKey: meter }),
      ...(userId === undefined ? {} : { userId }),
      occurredAt: {
        ...(from && { gte: from }),
        ...(to && { lt: to }),
        ...(after && { lte: after.createdAt }),
      },
      ...(after && { OR: [{ occurredAt: { lt: after.createdAt } }, { id: { lt: after.id } }] }),
    },
    orderBy: [{ occurredAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  const items = rows.slice(0, limit).map(toSummary);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, next: last ? { createdAt: last.occurredAt, id: last.id } : null };
}

function toSummary(event: UsageEventModel): UsageEventSummary {
  const quantity = toSafeNumber(event.quantity);
  const held = toSafeNumber(event.held);
  return {
    id: event.id,
    occurredAt: event.occurredAt,
    reservationId: event.reservationId,
    userId: event.userId,
    meter: event.meterKey,
    quantity,
    paidBy: {
      allowance: toSafeNumber(event.allowanceUnits),
      creditUnits: toSafeNumber(event.creditUnits),
      credits: toSafeNumber(event.credits),
      overage: toSafeNumber(event.overageUnits),
      uncovered: toSafeNumber(event.uncoveredUnits),
    },
    creditSequence: event.creditSequence === null ? null : toSafeNumber(event.creditSequence),
    held,
    released: held === 0 ? 0 : Math.max(0, held - quantity),
    windows: event.windows.flatMap((window, position) => {
      const start = event.windowStarts[position];
      return start ? [{ window, start }] : [];
    }),
    source: event.source,
    model: event.model,
    requestId: event.requestId,
    priceVersion: event.priceVersion,
    details: event.details,
  };
}
