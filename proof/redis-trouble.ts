import { type Db, openDb } from "@/lib/db/client";
import { parseEdgeUsage } from "@/lib/domain/edge-usage";
import { toAppError } from "@/lib/http/error-response";
import { openEdgeCopies } from "@/lib/redis/edge-copies";
import { type EdgeKey, type EdgeStore, openEdgeStore } from "@/lib/redis/edge-store";
import { publishToEdge } from "@/lib/services/edge/announce-usage";
import { compareBy } from "@/lib/services/edge/compare-edge-counters";
import { recordUsage } from "@/lib/services/usage/record-usage";
import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { openRedisDoor } from "./open-redis-door";
import type { Proof } from "./proof";
import {
  assertNoDrift,
  claim,
  createSpender,
  createSpenders,
  METER,
  openProofWorld,
  PROOF_NOW,
  type ProofWorld,
} from "./proof-world";
import type { RedisState } from "./redis-door";

const TROUBLES = ["refused", "hung", "slow", "wiped"] as const satisfies RedisState[];
const ROUNDS = 5;
const WELL_MS = 4_000;
/** Longer than a breaker stays open: it tries once more meanwhile, and is disappointed. */
const TROUBLE_MS = 9_000;
/** By then three calls have failed. */
const BREAKER_OPENS_MS = 1_000;
const SPENDERS = 8;
const CALLERS = 16;
const READERS = 4;
const READ_EVERY_MS = 5;
const MOST_MORE_MS = 50;
const MOST_FIRST_MS = 150;
const SOON_MS = 15_000;
const KEY: EdgeKey = { hash: "b".repeat(64), customerId: null, expiresAt: null };

/** How long each took, and when it began after the trouble did. */
type Calls = { tookMs: number; beganMs: number }[];
type Load = { decisions: Calls; control: Calls; reads: Calls };

/** What is under load, and how many spends of each customer were answered. */
type Running = {
  world: ProofWorld;
  /** Connections of which nothing is told to Redis: what decisions take beside it at the same moment, normally. */
  control: Db;
  store: EdgeStore;
  customerIds: string[];
  answered: Map<string, number>;
};

/** Redis refused, hung, slow and wiped under load, and well again. */
export const redisTroubleCostsNothing: Proof = {
  id: "R8",
  promise: "Redis in trouble: no overspend, no lost usage, no waiting",
  async run({ note }) {
    const world = await openProofWorld();
    const door = await openRedisDoor();
    const control = openDb(world.url, 10, 60_000);
    try {
      const { db } = world;
      const connection = { url: door.url, token: LOCAL_CREDENTIALS.redisToken };
      publishToEdge(db, openEdgeStore(connection));
      // As in another process: with a breaker of its own.
      const store = openEdgeStore(connection);
      const customerIds = await createSpenders(db, SPENDERS, 10_000_000);
      const answered = new Map<string, number>(customerIds.map((id) => [id, 0]));
      const running: Running = { world, control, store, customerIds, answered };
      // What is slow the first time is not Redis.
      await load(running, WELL_MS);
      const measured: Measured[] = [];
      for (let round = 1; round <= ROUNDS; round += 1) {
        for (const trouble of TROUBLES) {
          await untilEdgeIsRight(running);
          await load(running, WELL_MS);
          // Its breaker is closed: the first to meet the trouble meets it.
          await untilEdgeIsRight(running);
          await door.set(trouble);
          const during = await load(running, TROUBLE_MS);
          await spendOut(world);
          await door.set("well");
          const one = measure(trouble, during);
          measured.push(one);
          note(`round ${round}, ${sayOf(one)}`);
        }
      }
      await untilEdgeIsRight(running);
      let total = 0;
      for (const [customerId, count] of answered) {
        const events = await db.usageEvent.count({ where: { customerId } });
        claim(events === count + 1, `each answer of ${customerId} is there once`);
        total += count;
      }
      await assertNoDrift(db, customerIds);
      const compare = compareBy({ db, now: PROOF_NOW }, openEdgeCopies(connection, { timeoutMs: 10_000 }));
      const { drifts, uncompared } = await compare({ customerIds, repairs: false });
      claim(drifts.length === 0 && uncompared === 0, "the edge says what Postgres says");
      // Of each trouble the middle round counts: what else the machine does is in every one of them.
      const middle = TROUBLES.map((trouble) => judge(measured.filter((one) => one.trouble === trouble)));
      return `${ROUNDS} times refused, hung, slow and wiped for ${TROUBLE_MS / 1_000} s each: ${total} uses answered, 0 lost, 0 double; ${1_000 * measured.length} spends of balances of 100, exactly 100 of each; the edge was right again each time; ${middle.join("; ")}`;
    } finally {
      door.close();
      await control.$disconnect();
      await world.close();
    }
  },
};

type Measured = {
  trouble: RedisState;
  openP99Ms: number;
  /** Of the control in the same seconds. */
  normalP99Ms: number;
  /** The longest of those that began before the breaker opened. */
  firstDecisionMs: number;
  firstReadMs: number;
};

function measure(trouble: RedisState, during: Load): Measured {
  const isFirst = ({ beganMs }: Calls[number]) => beganMs <= BREAKER_OPENS_MS;
  return {
    trouble,
    openP99Ms: p99(during.decisions.filter((call) => !isFirst(call))),
    normalP99Ms: p99(during.control.filter((call) => !isFirst(call))),
    firstDecisionMs: longest(during.decisions.filter(isFirst)),
    firstReadMs: longest(during.reads.filter(isFirst)),
  };
}

function sayOf({ trouble, normalP99Ms, openP99Ms, firstDecisionMs, firstReadMs }: Measured): string {
  return `${trouble}: decision p99 ${openP99Ms.toFixed(1)} ms once the breaker is open, ${normalP99Ms.toFixed(1)} ms beside it without Redis; ${firstDecisionMs.toFixed(1)} ms at most before that, edge reads ${firstReadMs.toFixed(1)} ms at most`;
}

/** @throws Error when the middle one of these rounds took too long. */
function judge(rounds: Measured[]): string {
  const middle = (of: (one: Measured) => number) =>
    rounds.map(of).toSorted((a, b) => a - b)[rounds.length >> 1] ?? Number.NaN;
  const trouble = rounds[0]?.trouble;
  const more = middle(({ normalP99Ms, openP99Ms }) => openP99Ms - normalP99Ms);
  const first = middle(({ firstDecisionMs, firstReadMs }) => Math.max(firstDecisionMs, firstReadMs));
  claim(more <= MOST_MORE_MS, `${trouble}: a decision takes ${more.toFixed(1)} ms more at p99`);
  claim(first <= MOST_FIRST_MS, `${trouble}: the first to meet it wait ${first.toFixed(1)} ms`);
  return `${trouble}: decision p99 ${more.toFixed(1)} ms above normal, first hit ${first.toFixed(1)} ms`;
}

/** Spends and reads at the edge for a while, side by side; every spend that is answered is counted. */
async function load({ world, control, store, customerIds, answered }: Running, forMs: number): Promise<Load> {
  const startedAt = performance.now();
  const isOver = () => performance.now() - startedAt >= forMs;
  const found: Load = { decisions: [], control: [], reads: [] };
  const timed = async (calls: Calls, work: () => Promise<unknown>) => {
    const calledAt = performance.now();
    await work();
    calls.push({ tookMs: performance.now() - calledAt, beganMs: calledAt - startedAt });
  };
  const spend = async (caller: number) => {
    const customerId = customerIds[caller % customerIds.length] ?? "";
    // Every other customer is the control's alone.
    const [db, calls] = caller % 2 === 0 ? [world.db, found.decisions] : [control, found.control];
    for (let count = 0; !isOver(); count += 1) {
      const key = `${startedAt} ${caller} ${count}`;
      const use = { customerId, userId: null, meter: METER, quantity: 1, key };
      await timed(calls, () => recordUsage({ db, now: PROOF_NOW }, use));
      answered.set(customerId, (answered.get(customerId) ?? 0) + 1);
    }
  };
  const read = async (reader: number) => {
    while (!isOver()) {
      await timed(found.reads, () => store.find(KEY.hash, customerIds[reader % customerIds.length] ?? ""));
      await new Promise((resolve) => setTimeout(resolve, READ_EVERY_MS));
    }
  };
  await Promise.all([
    ...Array.from({ length: CALLERS }, (_, caller) => spend(caller)),
    ...Array.from({ length: READERS }, (_, reader) => read(reader)),
  ]);
  return found;
}

/** 1,000 spends of a balance of 100, with Redis as it is. */
async function spendOut({ db }: ProofWorld): Promise<void> {
  const customerId = await createSpender(db, 100);
  const codes = await Promise.all(
    Array.from({ length: 1_000 }, (_, number) =>
      recordUsage(
        { db, now: PROOF_NOW },
        { customerId, userId: null, meter: METER, quantity: 1, key: `spend ${number}` },
      ).then(
        () => "ok",
        (error: unknown) => toAppError(error).code,
      ),
    ),
  );
  claim(codes.filter((code) => code === "ok").length === 100, "exactly 100 succeed");
  claim(codes.filter((code) => code === "limit_reached").length === 900, "900 are refused by the limit");
  await assertNoDrift(db, [customerId]);
}

/** The next use has the edge say what Postgres says. */
async function untilEdgeIsRight({ world, store, customerIds: all, answered }: Running): Promise<void> {
  const { db } = world;
  const customerIds = all.filter((_, index) => index % 2 === 0);
  const deadline = performance.now() + SOON_MS;
  for (const customerId of customerIds) {
    const use = { customerId, userId: null, meter: METER, quantity: 1, key: `well ${performance.now()}` };
    await recordUsage({ db, now: PROOF_NOW }, use);
    answered.set(customerId, (answered.get(customerId) ?? 0) + 1);
  }
  for (const customerId of customerIds) {
    const { credits } = await db.customerBalance.findUniqueOrThrow({ where: { customerId } });
    for (;;) {
      await store.rememberKeys([KEY]);
      const found = await store.find(KEY.hash, customerId);
      const text = found.outcome === "known_key" ? found.text : null;
      if (text && parseEdgeUsage(text)?.credits.balance === Number(credits)) break;
      claim(performance.now() < deadline, `the edge is right within ${SOON_MS / 1_000} s`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function longest(calls: Calls): number {
  return Math.max(...calls.map(({ tookMs }) => tookMs));
}

function p99(calls: Calls): number {
  const sorted = calls.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  claim(sorted.length > 0, "something was measured");
  return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
}
