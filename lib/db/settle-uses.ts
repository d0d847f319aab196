import type { Db } from "./client";
import type { ReservationState, UseDetails, UsePayment } from "./decide-uses";
import { query } from "./query";

export type CommitCall = {
  id: string;
  eventId: string;
  /** Units really used, zero or more. */
  quantity: number;
  /** Credits a unit really cost; null = as reserved. */
  creditsPerUnit: number | null;
  details: UseDetails;
};

export type CommitOutcome =
  | ({ outcome: "committed" | "replayed"; quantity: number } & UsePayment)
  | { outcome: "released" | "unknown" };

type CommitJson =
  | ["committed" | "replayed", number, number, number, number, number, number]
  | ["released" | "unknown"];

/** Settles holds of one customer in one statement. Migration 20261121000012_metering_functions says what it promises. */
export async function commitUses(
  db: Db,
  input: {
    customerId: string;
    now: Date;
    drawDown: string[];
    warningPercents: number[];
    /** What nobody covers is owed instead of written off. */
    asDebt: boolean;
    calls: CommitCall[];
  },
): Promise<CommitOutcome[]> {
  const { calls } = input;
  const [row] = await query<{ outcomes: CommitJson[] }>(
    db,
    "select commit_uses($1, $2, $3::text[]::credit_source[], $4, $5, $6, $7, $8, $9, $10) as outcomes",
    [
      input.customerId,
      input.now,
      input.drawDown,
      input.warningPercents,
      input.asDebt,
      calls.map((call) => call.id),
      calls.map((call) => call.eventId),
      calls.map((call) => call.quantity),
      calls.map((call) => call.creditsPerUnit),
      calls.map((call) => JSON.stringify(call.details)),
    ],
    "commit_uses",
  );
  if (!row) throw new Error("commit_uses returned no row");
  return row.outcomes.map((call) => {
    if (call.length === 1) return { outcome: call[0] };
    const [outcome, quantity, allowance, creditUnits, credits, overage, uncovered] = call;
    return { outcome, quantity, allowance, creditUnits, credits, overage, uncovered };
  });
}

/** Gives holds of one customer back whole. Answers the state each is in afterwards. */
export async function releaseUses(
  db: Db,
  input: { customerId: string; ids: string[]; state: "released" | "expired"; now: Date },
): Promise<(ReservationState | "unknown")[]> {
  const [row] = await query<{ states: (ReservationState | "unknown")[] }>(
    db,
    "select release_uses($1, $2, $3, $4) as states",
    [input.customerId, input.ids, input.state, input.now],
    "release_uses",
  );
  return row?.states ?? [];
}
