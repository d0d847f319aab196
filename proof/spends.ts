import { toAppError } from "@/lib/http/error-response";
import { expireReservations } from "@/lib/services/usage/expire-reservations";
import { recordUsage } from "@/lib/services/usage/record-usage";
import { seededRandom } from "@/local/testing/seeded-random";
import type { Proof } from "./proof";
import {
  assertNoDrift,
  claim,
  createSpender,
  createSpenders,
  eachOf,
  METER,
  openProofWorld,
  PROOF_NOW,
  untilAnswered,
} from "./proof-world";
import type { Pair } from "./worker";
import { startWorker, type Worker } from "./workers";

/** 1,000 concurrent spends of a balance of 100, a hundred times by one process and by four. */
export const noDoubleSpend: Proof = {
  id: "R3",
  promise: "no double spend",
  async run({ note }) {
    const world = await openProofWorld();
    try {
      const workers = await Promise.all(Array.from({ length: 4 }, () => startWorker(world.url)));
      let rounds = 0;
      for (const processes of [1, 4]) {
        for (let round = 1; round <= 100; round += 1) {
          await spendOut(world.db, workers.slice(0, processes));
          rounds += 1;
          if (round % 10 === 0) note(`${rounds} of 200 rounds`);
        }
      }
      for (const worker of workers) worker.kill();
      return `${rounds} rounds of 1,000 spends of a balance of 100, by 1 and by 4 processes: 100 succeeded in each, balance 0, ledger 0. No decision asks Redis`;
    } finally {
      await world.close();
    }
  },
};

async function spendOut(
  db: Awaited<ReturnType<typeof openProofWorld>>["db"],
  workers: Worker[],
): Promise<void> {
  const customerId = await createSpender(db, 100);
  const codes: string[] = [];
  const each = 1_000 / workers.length;
  await Promise.all(
    workers.map((worker, index) => {
      const keys = Array.from({ length: each }, (_, number) => `spend ${index} ${number}`);
      return worker.run({ kind: "spend", customerId, keys, atOnce: each }, (message) => {
        if (message.kind === "answered") codes.push(message.code);
      });
    }),
  );
  claim(codes.filter((code) => code === "ok").length === 100, "exactly 100 succeed");
  claim(codes.filter((code) => code === "limit_reached").length === 900, "900 are refused by the limit");
  const { credits, creditsHeld, debt } = await db.customerBalance.findUniqueOrThrow({
    where: { customerId },
  });
  claim(credits === 0n && creditsHeld === 0n && debt === 0n, "the balance is 0");
  const { _sum } = await db.creditEntry.aggregate({ where: { customerId }, _sum: { amount: true } });
  claim(_sum.amount === 0n, "the ledger sums to 0");
  await assertNoDrift(db, [customerId]);
}

/** 10,000 concurrent pairs of reserve and commit. */
export const pairsConserve: Proof = {
  id: "R4",
  promise: "reserve, commit and release conserve",
  async run({ seed, note }) {
    const random = seededRandom(seed);
    const world = await openProofWorld();
    try {
      const granted = 120_000;
      const customerId = await createSpender(world.db, granted);
      const pairs = Array.from({ length: 10_000 }, (_, index): Pair => {
        const held = random.int(1, 30);
        const used = Math.floor((held * random.int(0, 150)) / 100);
        const end = random.chance(0.1) ? "abandoned" : random.chance(0.05) ? "released" : "committed";
        return { key: `pair ${index}`, held, used, end };
      });
      const workers = await Promise.all(Array.from({ length: 4 }, () => startWorker(world.url)));
      const told = new Map<string, { credits: number; uncovered: number; code: string }>();
      await Promise.all(
        workers.map((worker, index) =>
          worker.run(
            { kind: "pairs", customerId, pairs: pairs.filter((_, number) => number % 4 === index) },
            (message) => {
              if (message.kind === "paired") told.set(message.key, message);
            },
          ),
        ),
      );
      for (const worker of workers) worker.kill();
      note("settled; the janitor follows");
      await assertNoDrift(world.db, [customerId]);
      let paid = 0;
      const counts = { committed: 0, released: 0, abandoned: 0, limit_reached: 0 };
      for (const { key, used } of pairs) {
        const answer = told.get(key);
        claim(answer !== undefined && answer.code in counts, `${key} was answered, not with ${answer?.code}`);
        const code = answer?.code as keyof typeof counts; // as the line above has claimed
        counts[code] += 1;
        if (code !== "committed") continue;
        claim(
          (answer?.credits ?? 0) + (answer?.uncovered ?? 0) === used,
          `${key} is paid for whole or written off`,
        );
        paid += answer?.credits ?? 0;
      }
      const { db } = world;
      const held = await db.reservation.count({ where: { customerId, state: "held" } });
      claim(held === counts.abandoned, "what was abandoned is held, and nothing else");
      await expireReservations(
        { db, now: new Date(PROOF_NOW.getTime() + 15 * 60_000 - 1) },
        { limit: 10_000 },
      );
      claim(
        (await db.reservation.count({ where: { customerId, state: "held" } })) === held,
        "before their time nothing expires",
      );
      await expireReservations({ db, now: new Date(PROOF_NOW.getTime() + 15 * 60_000) }, { limit: 10_000 });
      const { credits, creditsHeld, debt } = await db.customerBalance.findUniqueOrThrow({
        where: { customerId },
      });
      claim(
        Number(credits) === granted - paid && creditsHeld === 0n && debt === 0n,
        "what is left is what nobody paid",
      );
      await assertNoDrift(db, [customerId]);
      return `10,000 pairs by 4 processes: ${counts.committed} committed (0-150 % of the hold), ${counts.released} released, ${counts.abandoned} abandoned and given back on time, ${counts.limit_reached} refused; ${paid} credits paid, 0 lost, 0 made`;
    } finally {
      await world.close();
    }
  },
};

const SPENDS = 100_000;
const KILLS = 200;
const CHUNK = 200;
const PROCESSES = 4;

/** kill -9 of the processes that spend; their client sends again what was not answered, under the same keys. */
export const killsLoseNothing: Proof = {
  id: "R5",
  promise: "kill -9 loses nothing and doubles nothing",
  async run({ seed, note }) {
    const random = seededRandom(seed);
    const world = await openProofWorld();
    try {
      const customerIds = await createSpenders(world.db, 8, SPENDS);
      const rest = Array.from({ length: SPENDS / CHUNK }, (_, chunk) => ({
        customerId: customerIds[chunk % customerIds.length] ?? "",
        keys: Array.from({ length: CHUNK }, (_, number) => `spend ${chunk} ${number}`),
      }));
      const answered = new Set<string>();
      const alive = new Set<Worker>();
      let kills = 0;
      let resent = 0;

      function hear(key: string, code: string): void {
        claim(code === "ok", `a spend is answered ok, not ${code}`);
        answered.add(key);
        if (answered.size % 10_000 === 0) note(`${answered.size} answered, ${kills} kills`);
        // Spread over the whole of it.
        if (kills < KILLS && answered.size >= ((kills + 1) * SPENDS) / (KILLS + 5)) {
          const victims = [...alive];
          victims[random.int(0, victims.length - 1)]?.kill();
          kills += 1;
        }
      }

      await Promise.all(
        Array.from({ length: PROCESSES }, async () => {
          let worker = await startWorker(world.url);
          alive.add(worker);
          for (let chunk = rest.pop(); chunk; chunk = rest.pop()) {
            const { customerId, keys } = chunk;
            while (keys.some((key) => !answered.has(key))) {
              const open = keys.filter((key) => !answered.has(key));
              try {
                await worker.run({ kind: "spend", customerId, keys: open, atOnce: 64 }, (message) => {
                  if (message.kind === "answered") hear(message.key, message.code);
                });
              } catch (error) {
                if (!(error instanceof Error) || error.message !== "the worker died") throw error;
                alive.delete(worker);
                await worker.exited;
                resent += keys.filter((key) => !answered.has(key)).length;
                worker = await startWorker(world.url);
                alive.add(worker);
              }
            }
          }
          alive.delete(worker);
          worker.kill();
        }),
      );
      claim(kills >= KILLS, `${KILLS} kills`);
      let events = 0;
      for (const customerId of customerIds) {
        const reservations = await world.db.reservation.findMany({
          where: { customerId, key: { startsWith: "spend" } },
          select: { id: true, key: true, state: true },
        });
        const posted = await world.db.usageEvent.findMany({
          where: { customerId },
          select: { reservationId: true },
        });
        claim(
          new Set(posted.map(({ reservationId }) => reservationId)).size === posted.length,
          "no spend has two events",
        );
        for (const { key, state } of reservations)
          claim(answered.has(key) && state === "committed", `${key} is posted`);
        events += reservations.length;
        const { credits } = await world.db.customerBalance.findUniqueOrThrow({ where: { customerId } });
        claim(Number(credits) === SPENDS - reservations.length, "each took one credit");
      }
      claim(events === SPENDS && answered.size === SPENDS, "every spend is there once");
      await assertNoDrift(world.db, customerIds);
      return `${SPENDS} spends, ${kills} times kill -9, ${resent} sent again under their keys: 0 answered missing, 0 double`;
    } finally {
      await world.close();
    }
  },
};

const RESTARTS = 50;

/** Postgres stopped as by a crash under load. */
export const restartsLoseNothing: Proof = {
  id: "R7",
  promise: "Postgres restarts lose nothing that was answered",
  async run({ note }) {
    const world = await openProofWorld();
    try {
      const { db } = world;
      const customerIds = await createSpenders(db, 8, 10_000_000);
      const answered = new Map<string, number>(customerIds.map((id) => [id, 0]));
      const codes = new Map<string, number>();
      let isOver = false;
      let sent = 0;
      const load = eachOf(
        Array.from({ length: 64 }, (_, caller) => caller),
        64,
        async (caller) => {
          const customerId = customerIds[caller % customerIds.length] ?? "";
          while (!isOver) {
            sent += 1;
            const use = { customerId, userId: null, meter: METER, quantity: 1, key: `spend ${sent}` };
            await untilAnswered(
              () => recordUsage({ db, now: PROOF_NOW }, use),
              (error) => {
                const { code, options } = toAppError(error);
                const name = `${code}, retry after ${options.retryAfterSeconds} s`;
                codes.set(name, (codes.get(name) ?? 0) + 1);
                return code === "database_unavailable" && options.retryAfterSeconds !== undefined;
              },
            );
            answered.set(customerId, (answered.get(customerId) ?? 0) + 1);
          }
        },
      );
      for (let restart = 1; restart <= RESTARTS; restart += 1) {
        const before = [...answered.values()].reduce((sum, count) => sum + count, 0);
        // Under load: not before something has been answered since the last one.
        while ([...answered.values()].reduce((sum, count) => sum + count, 0) < before + 500)
          await Promise.race([load, new Promise((resolve) => setTimeout(resolve, 20))]);
        await world.crashPostgres();
        if (restart % 10 === 0) note(`${restart} restarts`);
      }
      isOver = true;
      await load;
      let total = 0;
      for (const [customerId, count] of answered) {
        const events = await db.usageEvent.count({ where: { customerId } });
        claim(events === count + 1, `each answer of ${customerId} is there once`);
        total += count;
      }
      await assertNoDrift(db, customerIds);
      const told = [...codes].map(([name, count]) => `${count} times ${name}`).join("; ");
      return `${RESTARTS} immediate stops under load, ${total} spends answered: 0 lost, 0 double; callers were told ${told}, nothing else`;
    } finally {
      await world.close();
    }
  },
};
