import type { UseTerms, UseWindow } from "@/lib/domain/use-terms";
import type { Db } from "./client";
import type { InputJsonValue } from "./generated/internal/prismaNamespace";
import { query } from "./query";

/** Everybody of a customer, where a counter may also be one member's. */
export const NOBODY = "00000000-0000-0000-0000-000000000000";

export type UseDetails = Record<string, InputJsonValue | null>;

/** One use to decide about. `terms` is shared by those that are decided alike. */
export type UseCall = {
  id: string;
  /** Of the event it is posted by; null where it is not posted yet. */
  eventId: string | null;
  key: string;
  userId: string | null;
  terms: UseTerms;
  quantity: number;
  /** The fewest units worth having. */
  least: number;
  /** Credits a unit costs beyond the allowance, and the fewest worth spending on one; null = none may be. */
  creditsPerUnit: number | null;
  leastCreditsPerUnit: number | null;
  details: UseDetails;
};

export type DecisionInput = {
  /** `hold` to be settled later, `post` at once, `check` writes nothing. */
  mode: "hold" | "post" | "check";
  /** One refused use refuses all. */
  allOrNone: boolean;
  customerId: string;
  factsVersion: string;
  now: Date;
  expiresAt: Date;
  drawDown: string[];
  warningPercents: number[];
  /** Of one meter and user all with the same terms. */
  calls: UseCall[];
};

/** Who pays. Units, and the credits that `creditUnits` cost. */
export type UsePayment = {
  allowance: number;
  creditUnits: number;
  credits: number;
  overage: number;
  uncovered: number;
};

export type ReservationState = "held" | "committed" | "released" | "expired";

export type CallDecision =
  | ({
      outcome: "held" | "posted" | "replayed";
      id: string;
      state: ReservationState;
      /** Units held, or used once it is settled. */
      quantity: number;
      /** Until when it is held, if nobody settles it before. */
      expiresAt: Date;
    } & UsePayment)
  | { outcome: "denied" | "mismatch" | "not_all" };

/** A counter after the decision. */
export type CounterState = { start: Date; end: Date; used: number; held: number; beyond: number };

export type Decision =
  | { outcome: "stale" | "unknown_customer" }
  | {
      outcome: "decided";
      calls: CallDecision[];
      credits: number;
      creditsHeld: number;
      /** One for each window of each call's terms. */
      counters: Map<UseWindow, CounterState>;
    };

type DecisionJson =
  | { outcome: "stale" | "unknown_customer" }
  | {
      outcome: "decided";
      calls: (
        | [
            "held" | "posted" | "replayed",
            string,
            ReservationState,
            number,
            number,
            number,
            number,
            number,
            number,
            number,
          ]
        | ["denied" | "mismatch" | "not_all"]
      )[];
      credits: number;
      credits_held: number;
      windows: [number, number, number, number, number][] | null;
    };

const DECIDE = `select decide_uses($1, $2, $3, $4, $5, $6, $7::text[]::credit_source[], $8,
  $9, $10::text[]::allowance_window[], $11, $12, $13, $14, $15,
  $16, $17, $18, $19, $20, $21, $22, $23, $24,
  $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35) as decision`;

/**
 * The decision whether a customer may use what is asked, made and written by the database in one statement for all
 * calls; durable when this returns. Migration 20261121000012_metering_functions says what it promises.
 */
export async function decideUses(db: Db, input: DecisionInput): Promise<Decision> {
  const { calls } = input;
  const terms = [...new Set(calls.map((call) => call.terms))];
  // Members of one team share its counters: each is named once.
  const windows: { meter: string; window: UseWindow }[] = [];
  const positions = new Map<string, number>();
  const aliases: { window: UseWindow; position: number }[] = [];
  for (const { meter, windows: own } of terms) {
    for (const window of own) {
      const name = `${meter} ${window.window} ${window.userId}`;
      const known = positions.get(name);
      const position = known ?? windows.length;
      if (known === undefined) {
        positions.set(name, position);
        windows.push({ meter, window });
      }
      aliases.push({ window, position });
    }
  }
  const overage = [
    ...new Map(
      terms.flatMap((entry) => (entry.overage ? [[entry.meter, entry.overage] as const] : [])),
    ).entries(),
  ];
  const [row] = await query<{ decision: DecisionJson }>(
    db,
    DECIDE,
    [
      input.mode,
      input.allOrNone,
      input.customerId,
      input.factsVersion,
      input.now,
      input.expiresAt,
      input.drawDown,
      input.warningPercents,
      windows.map(({ meter }) => meter),
      windows.map(({ window }) => window.window),
      windows.map(({ window }) => window.userId ?? NOBODY),
      windows.map(({ window }) => window.start),
      windows.map(({ window }) => window.end),
      windows.map(({ window }) => window.limit),
      windows.map(({ window }) => routesOf(window)),
      overage.map(([meter]) => meter),
      overage.map(([, line]) => line.periodStart),
      overage.map(([, line]) => line.periodEnd),
      overage.map(([, line]) => line.planVersionId),
      overage.map(([, line]) => line.subscriptionId),
      overage.map(([, line]) => line.currency),
      overage.map(([, line]) => `{${line.tiers.map(({ from }) => from).join(",")}}`),
      overage.map(([, line]) => `{${line.tiers.map(({ unitAmountMinor }) => unitAmountMinor).join(",")}}`),
      overage[0]?.[1].capMinor ?? null,
      calls.map((call) => call.id),
      calls.map((call) => call.eventId),
      calls.map((call) => call.key),
      calls.map((call) => call.userId),
      calls.map((call) => call.terms.meter),
      calls.map((call) => call.quantity),
      calls.map((call) => call.least),
      calls.map((call) => call.creditsPerUnit),
      calls.map((call) => call.leastCreditsPerUnit),
      calls.map((call) => call.terms.overageFirst),
      calls.map((call) => JSON.stringify(call.details)),
    ],
    "decide_uses",
  );
  if (!row) throw new Error("decide_uses returned no row");
  const { decision } = row;
  if (decision.outcome !== "decided") return decision;
  const counters = (decision.windows ?? []).map(([start, end, used, held, beyond]) => ({
    start: new Date(start),
    end: new Date(end),
    used,
    held,
    beyond,
  }));
  return {
    outcome: "decided",
    calls: decision.calls.map(toCallDecision),
    credits: decision.credits,
    creditsHeld: decision.credits_held,
    counters: new Map(
      aliases.flatMap(({ window, position }) => {
        const counter = counters[position];
        return counter ? [[window, counter] as const] : [];
      }),
    ),
  };
}

/** What may pay beyond a window, as the database keeps it: 1 = credits, 2 = overage, 3 = both. */
export function routesOf({ byCredits, byOverage }: Pick<UseWindow, "byCredits" | "byOverage">): number {
  return (byCredits ? 1 : 0) + (byOverage ? 2 : 0);
}

function toCallDecision(call: Extract<DecisionJson, { outcome: "decided" }>["calls"][number]): CallDecision {
  if (call.length === 1) return { outcome: call[0] };
  const [outcome, id, state, quantity, allowance, creditUnits, credits, overage, uncovered, expires] = call;
  const expiresAt = new Date(expires);
  return { outcome, id, state, quantity, allowance, creditUnits, credits, overage, uncovered, expiresAt };
}
