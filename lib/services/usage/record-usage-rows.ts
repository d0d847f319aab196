import type { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { UsePayment } from "@/lib/db/decide-uses";
import { findExhaustedWindow, type WindowUse } from "@/lib/domain/limit-reached";
import { limitReachedError } from "./limit-reached-error";
import { type RecordedUse, recordUsageBatch } from "./record-usage";
import type { Use } from "./usage-engine";

export type RecordedRow = { use: Use } & (
  | { status: "recorded" | "replayed"; id: string; paidBy: UsePayment }
  | { status: "refused"; refusal: AppError }
  /** Its key was used for something else; or another row was refused, and it was to be all or none. */
  | { status: "mismatch" | "not_all" }
);

export type RecordedRows = {
  rows: RecordedRow[];
  /** Each meter's windows after all of it. */
  meters: { meter: string; windows: WindowUse[] }[];
  balance: { credits: number; held: number };
};

/**
 * Counts many uses of one customer at once and says of each row what became of it, a refusal with the body that the use
 * alone would have been answered.
 * @throws AppError as `recordUsageBatch`.
 */
export async function recordUsageRows(
  ctx: Pick<Context, "db" | "now">,
  { customerId, uses, allOrNone }: { customerId: string; uses: Use[]; allOrNone: boolean },
): Promise<RecordedRows> {
  const recorded = await recordUsageBatch(ctx, { customerId, uses, allOrNone });
  const refused = recorded
    .filter(({ answer }) => answer.decision.outcome === "denied")
    .map(({ use, answer }) => toRefused(use, answer, allOrNone ? uses : [use]));
  const refusals = await answerRefused(ctx, customerId, refused);
  const byUse = new Map(refused.map((row) => [row.use, refusals.get(row.name)]));
  return {
    rows: recorded.map(({ use, answer }) => toRow(use, answer, byUse.get(use))),
    meters: [...new Map(recorded.map(({ use, answer }) => [use.meter, answer.windows]))].map(
      ([meter, windows]) => ({ meter, windows }),
    ),
    balance: recorded.at(-1)?.answer.balance ?? { credits: 0, held: 0 },
  };
}

type RefusedRow = Pick<RecordedUse["answer"], "entitlements" | "windows"> & {
  use: Use;
  quantity: number;
  name: string;
};

/**
 * @param counted what was too much together: where all or none was asked, all of it, for nothing of it was counted.
 */
function toRefused(
  use: Use,
  { windows: all, entitlements }: RecordedUse["answer"],
  counted: Use[],
): RefusedRow {
  const ofMeter = counted.filter(({ meter }) => meter === use.meter);
  const quantity = unitsOf(ofMeter);
  const own = unitsOf(ofMeter.filter(({ userId }) => userId === use.userId));
  // A member's own window is filled by the member alone.
  const windows = all.filter((window) => !window.userId || findExhaustedWindow([window], own));
  const exhausted = findExhaustedWindow(windows, quantity);
  const name = [use.meter, exhausted?.window, exhausted?.userId].join(" ");
  return { use, windows, entitlements, quantity, name };
}

function unitsOf(uses: Use[]): number {
  return uses.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** One answer per limit, not per row: its suggestion covers the largest of the rows that were refused there. */
async function answerRefused(
  ctx: Pick<Context, "db" | "now">,
  customerId: string,
  refused: RefusedRow[],
): Promise<Map<string, AppError>> {
  const largest = new Map<string, RefusedRow>();
  for (const row of refused) {
    if (row.quantity > (largest.get(row.name)?.quantity ?? 0)) largest.set(row.name, row);
  }
  const refusals = new Map<string, AppError>();
  for (const [name, { use, ...refused }] of largest) {
    refusals.set(name, await limitReachedError(ctx, { ...refused, customerId, meter: use.meter }));
  }
  return refusals;
}

function toRow(use: Use, { decision }: RecordedUse["answer"], refusal: AppError | undefined): RecordedRow {
  switch (decision.outcome) {
    case "mismatch":
    case "not_all":
      return { use, status: decision.outcome };
    case "denied":
      if (!refusal) throw new Error("a refused use was given no reason");
      return { use, status: "refused", refusal };
    default: {
      const { outcome, id, state: _state, quantity: _quantity, ...paidBy } = decision;
      return { use, status: outcome === "replayed" ? "replayed" : "recorded", id, paidBy };
    }
  }
}
