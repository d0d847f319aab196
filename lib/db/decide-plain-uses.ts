import type { UseTerms, UseWindow } from "@/lib/domain/use-terms";
import type { Db } from "./client";
import {
  type CallDecision,
  type CounterState,
  type Decision,
  type DecisionInput,
  NOBODY,
  routesOf,
  type UseCall,
} from "./decide-uses";
import { query } from "./query";
import type { CommitCall } from "./settle-uses";

type Mode = DecisionInput["mode"];

/** What is asked of one customer, to be decided if it is plain. */
export type PlainAsk = { customerId: string; factsVersion: string; calls: UseCall[] };
const KINDS = ["not plain", "by allowance", "by credits", "denied"] as const;
type Decided = Extract<Decision, { outcome: "decided" }>;

type PlainJson = {
  /** How each customer's uses were decided: one of KINDS by its position. */
  kinds: number[];
  credits: number[];
  credits_held: number[];
  used: number[];
  held: number[];
  beyond: number[];
};

const DECIDE = `select decide_plain_uses($1, $2, $3, $4::text[]::credit_source[], $5, $6, $7, $8, $9, $10,
  $11, $12, $13, $14::text[]::allowance_window[], $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
  $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36) as decision`;

/**
 * Decides about uses of many customers in one statement, as far as they need no weighing; durable when this returns.
 * Migration 20261121000011_plain_uses says what is plain. What overage may pay for never is.
 * @returns a decision for each, null for who is left to `decideUses`: of theirs nothing has been written.
 */
export async function decidePlainUses(
  db: Db,
  input: {
    mode: Mode;
    now: Date;
    expiresAt: Date;
    drawDown: string[];
    warningPercents: number[];
    asks: PlainAsk[];
  },
): Promise<(Decided | null)[]> {
  const { mode, now, expiresAt } = input;
  const asks = input.asks.filter((ask) => mayBePlain(mode, ask));
  if (asks.length === 0) return input.asks.map(() => null);
  const arranged = arrange(mode, asks);
  const { calls, sets, counters } = arranged;
  const [row] = await query<{ decision: PlainJson }>(
    db,
    DECIDE,
    [
      mode,
      now,
      expiresAt,
      input.drawDown,
      input.warningPercents,
      asks.map(({ customerId }) => customerId),
      asks.map(({ factsVersion }) => factsVersion),
      asks.map(({ calls }) => unitsOf(mode, calls)),
      asks.map((ask) => Math.max(...ask.calls.map(({ quantity }) => quantity))),
      asks.map(({ calls }) => creditsFor(mode, calls)),
      asks.map((ask) => cheapestOf(ask.calls)),
      counters.map(({ owner }) => owner),
      counters.map(({ meter }) => meter),
      counters.map(({ window }) => window.window),
      counters.map(({ window }) => window.userId ?? NOBODY),
      counters.map(({ window }) => window.start),
      counters.map(({ window }) => window.end),
      counters.map(({ window }) => window.limit),
      counters.map(({ window }) => routesOf(window)),
      counters.map(({ units }) => units),
      sets.map(({ terms }) => literal(terms.windows.map(({ window }) => window))),
      sets.map(({ terms }) => literal(terms.windows.map(({ start }) => `"${start.toISOString()}"`))),
      sets.map(({ terms }) => literal(terms.windows.map(({ userId }) => userId ?? NOBODY))),
      sets.map(({ terms }) => literal(terms.windows.map(({ limit }) => limit ?? -1))),
      sets.map(({ terms }) => literal(terms.windows.map(routesOf))),
      calls.map(({ set }) => set.owner),
      calls.map(({ set }) => set.position),
      calls.map(({ call }) => call.id),
      mode === "post" ? calls.map(({ call }) => call.eventId) : [],
      calls.map(({ call }) => call.key),
      calls.map(({ call }) => call.userId),
      calls.map(({ call }) => call.terms.meter),
      calls.map(({ call }) => call.quantity),
      calls.map(({ call }) => call.creditsPerUnit),
      calls.map(({ call }) => call.terms.overageFirst),
      mode === "post" ? calls.map(({ call }) => JSON.stringify(call.details)) : [],
    ],
    "decide_plain_uses",
  );
  if (!row) throw new Error("decide_plain_uses returned no row");
  const decisions = toDecisions(asks, arranged, row.decision, {
    mode,
    settledAt: mode === "post" ? now : expiresAt,
  });
  const decided = new Map(asks.map((ask, index) => [ask, decisions[index] ?? null]));
  return input.asks.map((ask) => decided.get(ask) ?? null);
}

const COMMIT = "select commit_plain_uses($1, $2, $3, $4, $5, $6, $7, $8) as settled";

/**
 * Settles holds of many customers in one statement, as far as the allowance pays for them and no more was used than held.
 * @returns for each customer whether all of theirs are settled; where not, none is, and `commitUses` has to.
 */
export async function commitPlainUses(
  db: Db,
  input: { now: Date; warningPercents: number[]; commits: { customerId: string; calls: CommitCall[] }[] },
): Promise<boolean[]> {
  const calls = input.commits.flatMap(({ calls }, index) =>
    calls.map((call) => ({ call, owner: index + 1 })),
  );
  const [row] = await query<{ settled: boolean[] }>(
    db,
    COMMIT,
    [
      input.now,
      input.warningPercents,
      input.commits.map(({ customerId }) => customerId),
      calls.map(({ owner }) => owner),
      calls.map(({ call }) => call.id),
      calls.map(({ call }) => call.eventId),
      calls.map(({ call }) => call.quantity),
      calls.map(({ call }) => JSON.stringify(call.details)),
    ],
    "commit_plain_uses",
  );
  if (!row) throw new Error("commit_plain_uses returned no row");
  return row.settled;
}

/** Whether it is worth asking. Sums must be exact, and a key that comes twice is weighed. */
function mayBePlain(mode: Mode, { calls }: PlainAsk): boolean {
  return (
    calls.length > 0 &&
    calls.every(({ terms }) => terms.windows.length > 0 && terms.overage === null) &&
    (mode === "check" || new Set(calls.map(({ key }) => key)).size === calls.length) &&
    Number.isSafeInteger(unitsOf(mode, calls)) &&
    Number.isSafeInteger(creditsFor(mode, calls) ?? 0)
  );
}

/** What all of it costs if credits alone pay; null = they do not. */
function creditsFor(mode: Mode, calls: UseCall[]): number | null {
  let credits = 0;
  for (const { quantity, creditsPerUnit, terms } of calls) {
    if (creditsPerUnit === null || terms.meter !== calls[0]?.terms.meter) return null;
    credits = together(mode, credits, quantity * creditsPerUnit);
  }
  return credits;
}

function unitsOf(mode: Mode, calls: UseCall[]): number {
  return calls.reduce((units, { quantity }) => together(mode, units, quantity), 0);
}

/** Of what is only asked each answer is for itself: the largest is what counts. */
function together(mode: Mode, one: number, other: number): number {
  return mode === "check" ? Math.max(one, other) : one + other;
}

/** The fewest credits that pay for any of it; null = they are of several meters, which may stand differently. */
function cheapestOf(calls: UseCall[]): number | null {
  if (calls.some(({ terms }) => terms.meter !== calls[0]?.terms.meter)) return null;
  return Math.min(
    ...calls.map(({ creditsPerUnit: most, leastCreditsPerUnit: least }) => {
      if (most === null) return Number.MAX_SAFE_INTEGER;
      return least !== null && least < most ? Math.max(least, 1) : most;
    }),
  );
}

/** A counter that is asked for, and how many units of it. */
type Counter = { owner: number; meter: string; window: UseWindow; units: number };
/** Calls that are decided by the same terms. Owners and positions count from one, as arrays do in the database. */
type CallSet = { position: number; owner: number; terms: UseTerms; counters: Counter[] };
type Arranged = { calls: { call: UseCall; set: CallSet }[]; sets: CallSet[]; counters: Counter[] };

/** Each set of terms once, and each counter: members of one team share its counters. */
function arrange(mode: Mode, asks: PlainAsk[]): Arranged {
  const sets = new Map<UseTerms, CallSet>();
  const counters = new Map<string, Counter>();

  function openSet(terms: UseTerms, owner: number): CallSet {
    const own = terms.windows.map((window) => {
      const name = `${owner} ${terms.meter} ${window.window} ${window.userId}`;
      const counter = counters.get(name) ?? { owner, meter: terms.meter, window, units: 0 };
      counters.set(name, counter);
      return counter;
    });
    const set = { position: sets.size + 1, owner, terms, counters: own };
    sets.set(terms, set);
    return set;
  }

  const calls = asks.flatMap((ask, index) =>
    ask.calls.map((call) => {
      const set = sets.get(call.terms) ?? openSet(call.terms, index + 1);
      for (const counter of set.counters) counter.units = together(mode, counter.units, call.quantity);
      return { call, set };
    }),
  );
  return { calls, sets: [...sets.values()], counters: [...counters.values()] };
}

function toDecisions(
  asks: PlainAsk[],
  { sets, counters }: Arranged,
  decision: PlainJson,
  { mode, settledAt }: { mode: Mode; settledAt: Date },
): (Decided | null)[] {
  const kindOf = (owner: number) => KINDS[decision.kinds[owner - 1] ?? 0];
  const states = new Map(
    counters.map((counter, position): [Counter, CounterState] => {
      const { window, units, owner } = counter;
      const kind = kindOf(owner);
      return [
        counter,
        {
          start: window.start,
          end: window.end,
          used: (decision.used[position] ?? 0) + (kind === "by allowance" && mode === "post" ? units : 0),
          held: (decision.held[position] ?? 0) + (kind === "by allowance" && mode === "hold" ? units : 0),
          beyond: (decision.beyond[position] ?? 0) + (kind === "by credits" && mode === "post" ? units : 0),
        },
      ];
    }),
  );
  const statesOf = asks.map(() => new Map<UseWindow, CounterState>());
  for (const { owner, terms, counters: own } of sets) {
    terms.windows.forEach((window, index) => {
      const state = own[index] && states.get(own[index]);
      if (state) statesOf[owner - 1]?.set(window, state);
    });
  }
  return asks.map(({ calls }, index) => {
    const kind = kindOf(index + 1);
    if (kind === "not plain") return null;
    const byCredits = kind === "by credits";
    const spent = byCredits ? (creditsFor(mode, calls) ?? 0) : 0;
    return {
      outcome: "decided",
      calls: calls.map(
        ({ id, quantity, creditsPerUnit }): CallDecision =>
          kind === "denied"
            ? { outcome: "denied" }
            : {
                outcome: mode === "post" ? "posted" : "held",
                state: mode === "post" ? "committed" : "held",
                id,
                quantity,
                expiresAt: settledAt,
                allowance: byCredits ? 0 : quantity,
                creditUnits: byCredits ? quantity : 0,
                credits: byCredits ? quantity * (creditsPerUnit ?? 0) : 0,
                overage: 0,
                uncovered: 0,
              },
      ),
      credits: (decision.credits[index] ?? 0) - (mode === "post" ? spent : 0),
      creditsHeld: (decision.credits_held[index] ?? 0) + (mode === "hold" ? spent : 0),
      counters: statesOf[index] ?? new Map(),
    };
  });
}

function literal(values: (string | number)[]): string {
  return `{${values.join(",")}}`;
}
