import { query } from "@/lib/db/query";
import { type UsageWindow, windowAt } from "@/lib/domain/period";
import { seededRandom } from "@/local/testing/seeded-random";
import type { Proof } from "./proof";
import { claim, openProofWorld } from "./proof-world";
import { startWorker } from "./workers";

const HISTORIES = 10_000;
const STEPS = 15;
const UNCOVERED = ["write_off", "debt"] as const;

/** Random histories, each held against a plain model after every step. */
export const replayEqualsBalance: Proof = {
  id: "R10",
  promise: "the ledger replayed equals the balance",
  async run({ seed, note }) {
    const world = await openProofWorld();
    try {
      let played = 0;
      await Promise.all(
        UNCOVERED.map(async (uncovered) => {
          // A database each: a janitor looks at everybody, and these two live at different times.
          const worker = await startWorker(await world.createDatabase(`histories_${uncovered}`));
          const seeds = Array.from({ length: HISTORIES / UNCOVERED.length }, (_, index) => seed + index);
          await worker.run({ kind: "histories", uncovered, seeds, steps: STEPS }, () => {
            played += 1;
            if (played % 500 === 0) note(`${played} histories`);
          });
          worker.kill();
        }),
      );
      return `${played} random histories of ${STEPS} steps (grants, expiry, clawbacks, holds, plans, anchors, zones, resets): after each step balance, lots, counters, overage and reservations equal the model's`;
    } finally {
      await world.close();
    }
  },
};

/** Every table of facts and every month of it, against whoever would change or delete a row. */
export const factsStay: Proof = {
  id: "R11",
  promise: "append-only",
  async run({ seed }) {
    const world = await openProofWorld();
    try {
      const url = await world.createDatabase("facts");
      const worker = await startWorker(url);
      const seeds = Array.from({ length: 100 }, (_, index) => seed + index);
      await worker.run({ kind: "histories", uncovered: "debt", seeds, steps: 25 });
      worker.kill();
      const { openDb } = await import("@/lib/db/client");
      const db = openDb(url);
      const partitions = await query<{ name: string }>(
        db,
        "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'usage_events'::regclass",
        [],
      );
      const tables = ["credit_entries", "usage_events", ...partitions.map(({ name }) => name)];
      let refused = 0;
      let attempts = 0;
      for (const table of tables) {
        const [row] = await query<{ count: string }>(db, `select count(*) from ${table}`, []);
        if (row?.count === "0") continue;
        for (const statement of [`update ${table} set customer_id = customer_id`, `delete from ${table}`]) {
          attempts += 1;
          await query(db, statement, []).catch((error: unknown) => {
            if (error instanceof Error && error.message.includes("append-only")) refused += 1;
          });
        }
      }
      claim(refused === attempts, "every attempt is refused");
      const [sums] = await query<{ off: string; entries: string; events: string }>(
        db,
        `select (select count(*) from customer_balances b
                 left join (select customer_id, sum(amount) as credits from credit_entries group by 1) e using (customer_id)
                 where b.credits <> coalesce(e.credits, 0)) as off,
                (select count(*) from credit_entries) as entries, (select count(*) from usage_events) as events`,
        [],
      );
      claim(sums?.off === "0", "every balance is the sum of its entries");
      await db.$disconnect();
      return `${refused} of ${attempts} attempts to change or delete refused, in ${tables.length} tables and months; ${sums?.entries} entries and ${sums?.events} events, 0 balances off their ledger`;
    } finally {
      await world.close();
    }
  },
};

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "Africa/Cairo",
  "America/Santiago",
  "Pacific/Apia",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "America/St_Johns",
] as const;
const YEARS = 50;

/** Fifty years of windows from random anchors in zones with every kind of clock change. */
export const windowsTile: Proof = {
  id: "R14",
  promise: "windows tile",
  async run({ seed, note }) {
    const random = seededRandom(seed);
    let days = 0;
    for (const timeZone of ZONES) {
      days += tile(
        "day",
        timeZone,
        new Date(Date.UTC(2000, 0, 1, 12)),
        new Date(Date.UTC(2000 + YEARS, 0, 1)),
      );
      note(`${timeZone}: ${days} days`);
    }
    let months = 0;
    const anchors = 2_000;
    for (let anchor = 0; anchor < anchors; anchor += 1) {
      // Half of them where months differ.
      const day = random.chance(0.5) ? random.int(28, 31) : random.int(1, 28);
      const start = new Date(
        Date.UTC(
          random.int(1999, 2030),
          random.int(0, 11),
          day,
          random.int(0, 23),
          random.int(0, 59),
          random.int(0, 59),
        ),
      );
      months += tile(
        "month",
        "UTC",
        start,
        new Date(Date.UTC(start.getUTCFullYear() + YEARS, start.getUTCMonth(), 1)),
      );
    }
    return `${days} days in ${ZONES.length} zones and ${months} months from ${anchors} anchors over ${YEARS} years: 0 gaps, 0 overlaps`;
  },
};

function tile(window: "day" | "month", timeZone: string, from: Date, to: Date): number {
  const where = { anchor: from, timeZone, period: null };
  let last: UsageWindow = windowAt(window, where, from);
  let count = 1;
  while (last.end < to) {
    const next = windowAt(window, where, last.end);
    claim(
      next.start.getTime() === last.end.getTime(),
      `the ${window} after ${last.end.toISOString()} in ${timeZone} begins there`,
    );
    claim(next.end > next.start, `the ${window} of ${next.start.toISOString()} in ${timeZone} lasts`);
    const before = windowAt(window, where, new Date(next.end.getTime() - 1));
    claim(
      before.start.getTime() === next.start.getTime(),
      `the last moment before ${next.end.toISOString()} is in it`,
    );
    last = next;
    count += 1;
  }
  return count;
}
