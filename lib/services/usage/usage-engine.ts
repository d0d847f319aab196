import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { Db } from "@/lib/db/client";
import { commitPlainUses, decidePlainUses } from "@/lib/db/decide-plain-uses";
import {
  type CallDecision,
  type Decision,
  decideUses,
  type UseCall,
  type UseDetails,
} from "@/lib/db/decide-uses";
import { isDatabaseUnavailable } from "@/lib/db/is-database-unavailable";
import { type CommitCall, type CommitOutcome, commitUses, releaseUses } from "@/lib/db/settle-uses";
import type { CataloguePolicy } from "@/lib/domain/catalogue";
import type { WindowUse } from "@/lib/domain/limit-reached";
import type { UseTerms } from "@/lib/domain/use-terms";
import { logError } from "@/lib/log";
import { incrementMetric } from "@/lib/metrics";
import { newId } from "@/lib/new-id";
import { type CatalogueOnSale, getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { announceUsage } from "@/lib/services/edge/announce-usage";
import type { CustomerEntitlements } from "@/lib/services/entitlements/get-entitlements";
import {
  forgetCustomer,
  type KnownCustomer,
  knownCustomer,
  knownCustomers,
  resolvedEntitlements,
  resolvedTerms,
} from "@/lib/services/entitlements/known-facts";
import { type Batch, type CallQueue, type Departure, openCallQueue } from "./call-queue";
import { openTurns, type Turns } from "./turns";

/** A use as it is asked for. */
export type Use = {
  meter: string;
  userId: string | null;
  /** Units, a positive whole number; `least` = the fewest worth having, all of them unless it says otherwise. */
  quantity: number;
  least?: number;
  /** What a unit costs in credits beyond the allowance, where that is not the meter's own; `least` may be enough. */
  creditsPerUnit?: { most: number; least: number };
  /** The caller's idempotency key. */
  key: string;
  details?: UseDetails;
};

/** What was decided about one use. */
export type UseAnswer = {
  decision: CallDecision;
  /** The windows it counts in, after the decision. */
  windows: WindowUse[];
  balance: { credits: number; held: number };
  entitlements: CustomerEntitlements;
};

type Ask = { now: Date; uses: Use[]; allOrNone: boolean };
type Commit = { now: Date; call: CommitCall };
type Mode = "hold" | "post" | "check";

type Engine = {
  decide: Record<Mode, CallQueue<Ask, UseAnswer[]>>;
  commit: CallQueue<Commit, CommitOutcome>;
  release: CallQueue<{ now: Date; id: string }, string>;
};

/** How long a hold stands without being settled. A settlement that comes later is posted all the same. */
const HOLD_MINUTES = 15;
/** The facts may change as often as somebody changes them; whoever does so five times in a row is doing nothing else. */
const MOST_STALE_ANSWERS = 5;
/** How far apart calls of one batch were asked for, at most: what an event's moment may be late by. */
const ONE_MOMENT_MS = 1000;
const BOUNDS = { maxBatch: 500, mostKept: 10_000, concurrency: 2 };
/** Of one customer in one statement. */
const MOST_PLAIN_USES = 2_000;
/** Customers that are decided one by one at the same time: each takes a connection, and may wait for another process. */
const TURNS_AT_ONCE = 6;

const engines = new WeakMap<Db, Engine>();

/**
 * Decides about uses of one customer: those of an `ask` together, and with whatever else is asked of that customer
 * meanwhile in one statement.
 * @throws AppError `not_found`; `invalid_request` for a meter that is not there or not counted this way; `overloaded`.
 */
export async function askUses(
  ctx: Pick<Context, "db" | "now">,
  mode: Mode,
  customerId: string,
  { uses, allOrNone, signal }: { uses: Use[]; allOrNone: boolean; signal?: AbortSignal },
): Promise<UseAnswer[]> {
  return engineOf(ctx.db).decide[mode].ask(customerId, { now: ctx.now, uses, allOrNone }, signal);
}

/** Posts what was really used of a hold. */
export async function commitUse(
  ctx: Pick<Context, "db" | "now">,
  customerId: string,
  call: Omit<CommitCall, "eventId">,
): Promise<CommitOutcome> {
  const { commit } = engineOf(ctx.db);
  return commit.ask(customerId, { now: ctx.now, call: { ...call, eventId: newId() } });
}

/** Gives a hold back. @returns the state it is in afterwards, or `unknown`. */
export async function releaseUse(
  ctx: Pick<Context, "db" | "now">,
  customerId: string,
  id: string,
): Promise<string> {
  return engineOf(ctx.db).release.ask(customerId, { now: ctx.now, id });
}

function engineOf(db: Db): Engine {
  const open = engines.get(db);
  if (open) return open;
  const inTurn = openTurns(TURNS_AT_ONCE);
  const decide = (mode: Mode) =>
    openCallQueue<Ask, UseAnswer[]>({
      ...BOUNDS,
      run: (batches) => decideBatches(db, mode, batches, inTurn),
    });
  const engine: Engine = {
    decide: { hold: decide("hold"), post: decide("post"), check: decide("check") },
    commit: openCallQueue({ ...BOUNDS, run: (batches) => commitBatches(db, batches, inTurn) }),
    release: openCallQueue({ ...BOUNDS, run: (batches) => releaseBatches(db, batches, inTurn) }),
  };
  engines.set(db, engine);
  return engine;
}

/**
 * Those that are plain in one statement, the others customer by customer. An error of the one statement may be any
 * customer's, so that whoever caused it is found by deciding each alone.
 */
function decideBatches(db: Db, mode: Mode, batches: Batch<Ask>[], inTurn: Turns): Departure<UseAnswer[]> {
  const plainly = decidePlainly(db, mode, batches).catch(orElse([]));
  const answers = batches.map(async ({ key, calls }, index) => {
    const plain = (await plainly)[index];
    return plain ?? inTurn(() => byMoment(calls, (together) => decideBatch(db, mode, key, together)));
  });
  return { answers, over: plainly.catch(nothing) };
}

function commitBatches(db: Db, batches: Batch<Commit>[], inTurn: Turns): Departure<CommitOutcome> {
  const plainly = commitPlainly(db, batches).catch(orElse([]));
  const answers = batches.map(async ({ key, calls }, index) => {
    const plain = (await plainly)[index];
    return plain ?? inTurn(() => byMoment(calls, (together) => commitBatch(db, key, together)));
  });
  return { answers, over: plainly.catch(nothing) };
}

function releaseBatches(
  db: Db,
  batches: Batch<{ now: Date; id: string }>[],
  inTurn: Turns,
): Departure<string> {
  const answers = batches.map(({ key, calls }) =>
    inTurn(() => byMoment(calls, (together) => releaseBatch(db, key, together))),
  );
  return { answers, over: Promise.resolve() };
}

function nothing(): void {}

async function decidePlainly(db: Db, mode: Mode, batches: Batch<Ask>[]): Promise<(UseAnswer[][] | null)[]> {
  const now = latest(batches.flatMap(({ calls }) => calls));
  const catalogue = await getCatalogue({ db });
  const asked = batches.filter(
    ({ calls }) => isOfOneMoment(calls, now) && countUses(calls) <= MOST_PLAIN_USES,
  );
  const customers = await knownCustomers(
    { db },
    catalogue,
    asked.map(({ key }) => key),
  );
  const asks = asked.flatMap((batch) => {
    const customer = customers.get(batch.key);
    return customer ? [{ batch, customer, calls: toCalls(mode, customer, batch.calls, now) }] : [];
  });
  const decisions = await decidePlainUses(db, {
    mode,
    ...decidedBy(catalogue, now),
    asks: asks.map(({ customer, calls }) => ({
      customerId: customer.facts.customerId,
      factsVersion: customer.facts.version,
      calls: calls.flat(),
    })),
  });
  const answers = new Map<Batch<Ask>, UseAnswer[][]>();
  asks.forEach(({ batch, customer, calls }, index) => {
    const decision = decisions[index];
    if (!decision) return;
    if (mode !== "check") announceUsage({ db, now }, batch.key);
    answers.set(batch, toAnswers(calls, decision, resolvedEntitlements(customer, now)));
  });
  return batches.map((batch) => answers.get(batch) ?? null);
}

async function commitPlainly(db: Db, batches: Batch<Commit>[]): Promise<(CommitOutcome[] | null)[]> {
  const now = latest(batches.flatMap(({ calls }) => calls));
  const { policy } = await getCatalogue({ db });
  const plain = batches.filter(
    ({ calls }) =>
      isOfOneMoment(calls, now) &&
      calls.every(({ call }) => call.creditsPerUnit === null) &&
      new Set(calls.map(({ call }) => call.id)).size === calls.length,
  );
  if (plain.length === 0) return [];
  const settled = await commitPlainUses(db, {
    now,
    warningPercents: warningPercentsOf(policy),
    commits: plain.map(({ key, calls }) => ({ customerId: key, calls: calls.map(({ call }) => call) })),
  });
  return batches.map((batch) => {
    if (!settled[plain.indexOf(batch)]) return null;
    announceUsage({ db, now }, batch.key);
    return batch.calls.map(({ call: { quantity } }) => ({
      outcome: "committed",
      quantity,
      allowance: quantity,
      creditUnits: 0,
      credits: 0,
      overage: 0,
      uncovered: 0,
    }));
  });
}

/** Whether to go on after an error with something else: not when the database is away, as it is away for that too. */
function orElse<Value>(value: Value): (error: unknown) => Value {
  return (error) => {
    if (isDatabaseUnavailable(error)) throw error;
    logError("usage.plain_failed", error);
    incrementMetric("plain_use_failures");
    return value;
  };
}

async function commitBatch(db: Db, customerId: string, calls: Commit[]): Promise<CommitOutcome[]> {
  const { policy } = await getCatalogue({ db });
  const now = latest(calls);
  const outcomes = await commitUses(db, {
    customerId,
    now,
    drawDown: policy.drawDown,
    warningPercents: warningPercentsOf(policy),
    asDebt: policy.uncovered === "debt",
    calls: calls.map(({ call }) => call),
  });
  announceUsage({ db, now }, customerId);
  return outcomes;
}

async function releaseBatch(
  db: Db,
  customerId: string,
  calls: { now: Date; id: string }[],
): Promise<string[]> {
  const now = latest(calls);
  const ids = calls.map(({ id }) => id);
  const states = await releaseUses(db, { customerId, ids, state: "released", now });
  announceUsage({ db, now }, customerId);
  return states;
}

async function decideBatch(db: Db, mode: Mode, customerId: string, asks: Ask[]): Promise<UseAnswer[][]> {
  const answers: UseAnswer[][] = [];
  let rest = asks;
  while (rest.length > 0) {
    const [together, later] = splitAsks(rest);
    answers.push(...(await decideTogether(db, mode, customerId, together)));
    rest = later;
  }
  return answers;
}

/** As many of them as one statement takes. What must be decided apart from others goes alone: all or none of many. */
function splitAsks(asks: Ask[]): [together: Ask[], later: Ask[]] {
  let end = 0;
  for (let uses = 0; end < asks.length; end += 1) {
    const ask = asks[end];
    uses += ask?.uses.length ?? 0;
    if (end > 0 && (ask?.allOrNone || asks[0]?.allOrNone || uses > BOUNDS.maxBatch)) break;
  }
  return [asks.slice(0, end), asks.slice(end)];
}

async function decideTogether(db: Db, mode: Mode, customerId: string, asks: Ask[]): Promise<UseAnswer[][]> {
  for (let attempt = 1; ; attempt += 1) {
    const catalogue = await getCatalogue({ db });
    const customer = await knownCustomer({ db }, catalogue, customerId);
    const now = latest(asks);
    const calls = toCalls(mode, customer, asks, now);
    const decision = await decideUses(db, {
      mode,
      allOrNone: asks.some(({ allOrNone }) => allOrNone),
      customerId,
      factsVersion: customer.facts.version,
      ...decidedBy(catalogue, now),
      calls: calls.flat(),
    });
    if (decision.outcome === "decided") {
      if (mode !== "check") announceUsage({ db, now }, customerId);
      const entitlements = resolvedEntitlements(customer, now);
      return toAnswers(calls, decision, entitlements);
    }
    forgetCustomer({ db }, customerId);
    if (decision.outcome === "unknown_customer") {
      throw new AppError("not_found", "There is no such customer.");
    }
    if (attempt === MOST_STALE_ANSWERS)
      throw new Error(`facts of ${customerId} change faster than they are read`);
  }
}

function warningPercentsOf({ warnings }: Pick<CataloguePolicy, "warnings">): number[] {
  return warnings.map(({ percent }) => percent);
}

function decidedBy({ policy }: CatalogueOnSale, now: Date) {
  return {
    now,
    expiresAt: new Date(now.getTime() + HOLD_MINUTES * 60_000),
    drawDown: policy.drawDown,
    warningPercents: warningPercentsOf(policy),
  };
}

/** All of one moment, so that a batch that lasts over midnight is not counted in two days. */
function toCalls(mode: Mode, customer: KnownCustomer, asks: Ask[], now: Date): UseCall[][] {
  return asks.map(({ uses }) =>
    uses.map((use) => {
      const terms = resolvedTerms(customer, use.meter, use.userId, now);
      if (!terms) throw new Error(`no meter ${use.meter}`);
      return toCall(mode, use, terms);
    }),
  );
}

function toCall(mode: Mode, use: Use, terms: UseTerms): UseCall {
  const { creditsPerUnit } = use;
  return {
    id: newId(),
    eventId: mode === "post" ? newId() : null,
    key: use.key,
    userId: use.userId,
    terms,
    quantity: use.quantity,
    least: use.least ?? use.quantity,
    creditsPerUnit: creditsPerUnit?.most ?? terms.creditsPerUnit,
    leastCreditsPerUnit: creditsPerUnit?.least ?? terms.creditsPerUnit,
    details: use.details ?? {},
  };
}

function toAnswers(
  calls: UseCall[][],
  decision: Extract<Decision, { outcome: "decided" }>,
  entitlements: CustomerEntitlements,
): UseAnswer[][] {
  const balance = { credits: decision.credits, held: decision.creditsHeld };
  let position = 0;
  return calls.map((own) =>
    own.map(({ terms }) => {
      const outcome = decision.calls[position];
      position += 1;
      if (!outcome) throw new Error("decide_uses answered fewer calls than it was asked");
      const windows = terms.windows.flatMap((window) => {
        const counter = decision.counters.get(window);
        return counter
          ? [{ ...counter, window: window.window, limit: window.limit, userId: window.userId }]
          : [];
      });
      return { decision: outcome, windows, balance, entitlements };
    }),
  );
}

/** A batch has one moment, its latest: what was asked at another one goes after it, in a batch of its own. */
async function byMoment<Call extends { now: Date }, Answer>(
  calls: Call[],
  run: (together: Call[]) => Promise<Answer[]>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let rest = calls;
  while (rest[0]) {
    const { now } = rest[0];
    const length = rest.findIndex((call) => !isOfOneMoment([call], now));
    const end = length < 0 ? rest.length : length;
    answers.push(...(await run(rest.slice(0, end))));
    rest = rest.slice(end);
  }
  return answers;
}

function isOfOneMoment(calls: { now: Date }[], moment: Date): boolean {
  return calls.every(({ now }) => Math.abs(now.getTime() - moment.getTime()) < ONE_MOMENT_MS);
}

function countUses(asks: Ask[]): number {
  return asks.reduce((count, { uses }) => count + uses.length, 0);
}

function latest(asks: { now: Date }[]): Date {
  return new Date(Math.max(...asks.map(({ now }) => now.getTime())));
}
