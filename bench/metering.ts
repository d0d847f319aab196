import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Db, openDb } from "@/lib/db/client";
import { newId } from "@/lib/new-id";
import { getUsage } from "@/lib/services/usage/get-usage";
import { listUsageEvents } from "@/lib/services/usage/list-usage-events";
import { recordUsageBatch } from "@/lib/services/usage/record-usage";
import { reserveUsage } from "@/lib/services/usage/reserve-usage";
import { commitReservation } from "@/lib/services/usage/settle-reservation";
import { startDelayProxy } from "./metering/delay-proxy";
import { type Floors, openFloors } from "./metering/floors";
import {
  type Contender,
  type Figures,
  measureInTurns,
  median,
  medianRatio,
} from "./metering/measure-in-turns";
import { type MeteringWorld, openMeteringWorld } from "./metering/metering-world";

const CALLERS = 32;
const ROUNDS = { rounds: 7, roundMs: 1_500 };
const SIZE = { customers: 100_000, rows: 2_000_000 };
/** With the database a little away: each direction takes this. */
const DELAY_MS = 1;

type Row = {
  id: string;
  what: string;
  ours: string;
  theirs: string;
  ratio: number;
  pass: string;
  isPassed: boolean;
};

/**
 * What a decision costs beside what one would write by hand, on 100,000 customers of whom one has half of all rows.
 * Every figure is a ratio within one run, in turns. After it the ledger has to add up, or there is no figure.
 */
export async function benchMetering(): Promise<void> {
  console.log("metering: making the past");
  const world = await openMeteringWorld(SIZE);
  const floors = openFloors(world.databaseUrl, world.db);
  const rows: Row[] = [];
  try {
    for (const measure of [hotCustomer, alone, overAllCustomers, farDatabase, ingest, largeHistory]) {
      const found = await measure(world, floors);
      for (const row of found) {
        console.log(
          `  ${row.id.padEnd(4)} ${row.what}: ${row.ours} against ${row.theirs}, ${row.ratio.toFixed(2)}× (pass ${row.pass}) ${row.isPassed ? "✓" : "✗"}`,
        );
      }
      rows.push(...found);
    }
    await assertConserved(world.db, world.hotCustomerId);
    console.log("  every credit and every hold is accounted for");
  } finally {
    await floors.close();
    await world.close();
  }
  mkdirSync(".local/bench", { recursive: true });
  writeFileSync(
    path.join(".local", "bench", "metering.json"),
    `${JSON.stringify({ at: new Date(), size: SIZE, rows }, null, 2)}\n`,
  );
}

const ask = (customerId: string) => ({
  customerId,
  userId: null,
  meter: "ai_requests",
  quantity: 1,
  key: newId(),
});
const reserve = (db: Db, customerId: string) => reserveUsage({ db, now: new Date() }, ask(customerId));

/** B1, B2: many callers at one customer. */
async function hotCustomer({ db, hotCustomerId }: MeteringWorld, floors: Floors): Promise<Row[]> {
  const [ours, single, usual, prisma] = await figuresOf([
    { name: "reserve", callers: CALLERS, work: () => reserve(db, hotCustomerId) },
    { name: "statement", callers: 1, work: () => floors.singleStatement(hotCustomerId) },
    { name: "transaction", callers: CALLERS, work: () => floors.transaction(hotCustomerId) },
    { name: "prisma", callers: CALLERS, work: () => floors.prismaTransaction(hotCustomerId) },
  ]);
  return [
    faster("B1", "32 callers, against one statement by 1", ours, single, 4),
    faster("B2", "32 callers, against the usual transaction", ours, usual, 15),
    faster("B2p", "32 callers, against it through Prisma", ours, prisma, 15),
  ];
}

/** B4: nobody else. */
async function alone({ db, customerIds }: MeteringWorld, floors: Floors): Promise<Row[]> {
  const customerId = customerIds[1] ?? "";
  const [ours, single] = await figuresOf([
    { name: "reserve", callers: 1, work: () => reserve(db, customerId) },
    { name: "statement", callers: 1, work: () => floors.singleStatement(customerId) },
  ]);
  const ratio = medianRatio(ours.medianMs, single.medianMs);
  return [
    {
      id: "B4",
      what: "alone, time of one",
      ours: `${median(ours.medianMs).toFixed(2)} ms`,
      theirs: `${median(single.medianMs).toFixed(2)} ms`,
      ratio,
      pass: "≤ 2×",
      isPassed: ratio <= 2,
    },
  ];
}

/** B5: reserve and commit, all customers alike. */
async function overAllCustomers({ db, customerIds }: MeteringWorld, floors: Floors): Promise<Row[]> {
  let turn = 0;
  const next = () => {
    turn = (turn + 7_919) % customerIds.length;
    return customerIds[turn] ?? "";
  };
  const [ours, single] = await figuresOf([
    {
      name: "reserve and commit",
      callers: CALLERS,
      work: async () => {
        const customerId = next();
        const { id } = await reserve(db, customerId);
        await commitReservation(
          { db, now: new Date() },
          { customerId, reservationId: id, quantity: 1, details: {} },
        );
      },
    },
    { name: "statement", callers: CALLERS, work: () => floors.singleStatement(next()) },
  ]);
  return [faster("B5", "reserve and commit over 100,000 customers", ours, single, 0.5)];
}

/** B3: two milliseconds to the database and back. */
async function farDatabase({ databaseUrl, hotCustomerId }: MeteringWorld): Promise<Row[]> {
  const near = new URL(databaseUrl);
  const proxy = await startDelayProxy({ host: near.hostname, port: Number(near.port) }, DELAY_MS);
  const far = new URL(databaseUrl);
  far.port = String(proxy.port);
  const db = openDb(far.href, 10, 60_000);
  const floors = openFloors(far.href, db);
  try {
    const [ours, usual] = await figuresOf([
      { name: "reserve", callers: CALLERS, work: () => reserve(db, hotCustomerId) },
      { name: "transaction", callers: CALLERS, work: () => floors.transaction(hotCustomerId) },
    ]);
    return [faster("B3", "2 ms to the database, against the usual transaction", ours, usual, 30)];
  } finally {
    await floors.close();
    await db.$disconnect();
    proxy.close();
  }
}

/** B12: recorded in batches. */
async function ingest({ db, customerIds }: MeteringWorld, floors: Floors): Promise<Row[]> {
  const [, , customerId = ""] = customerIds;
  await giveRoom(db, customerId);
  const [ours, raw] = await figuresOf([
    {
      name: "record",
      callers: 4,
      unitsPerCall: 500,
      work: () =>
        recordUsageBatch(
          { db, now: new Date() },
          {
            customerId,
            allOrNone: false,
            uses: Array.from({ length: 500 }, () => ({
              userId: null,
              meter: "projects",
              quantity: 1,
              key: newId(),
            })),
          },
        ),
    },
    { name: "insert", callers: 4, unitsPerCall: 500, work: () => floors.insert500(customerId) },
  ]);
  return [faster("B12", "batches of 500, against raw inserts of 500", ours, raw, 0.4)];
}

/** B13: what is shown to whoever has a million rows, against whoever has ten. */
async function largeHistory({ db, hotCustomerId, customerIds }: MeteringWorld): Promise<Row[]> {
  const small = customerIds[3] ?? "";
  const show = (customerId: string) => async () => {
    await getUsage({ db, now: new Date() }, { customerId });
    await listUsageEvents({ db }, { customerId, filter: {}, page: { limit: 10, after: null } });
  };
  const [large, little] = await figuresOf([
    { name: "large", callers: 1, work: show(hotCustomerId) },
    { name: "small", callers: 1, work: show(small) },
  ]);
  const ratio = medianRatio(large.medianMs, little.medianMs);
  return [
    {
      id: "B13",
      what: "usage and a page of history of a customer with a million rows, against one with ten",
      ours: `${median(large.medianMs).toFixed(2)} ms`,
      theirs: `${median(little.medianMs).toFixed(2)} ms`,
      ratio,
      pass: "≤ 2×",
      isPassed: ratio <= 2,
    },
  ];
}

async function figuresOf<Names extends Contender[]>(
  contenders: [...Names],
): Promise<{ [Index in keyof Names]: Figures }> {
  const figures = await measureInTurns(contenders, ROUNDS);
  return figures as { [Index in keyof Names]: Figures }; // one for each contender, in their order
}

function faster(id: string, what: string, ours: Figures, theirs: Figures, atLeast: number): Row {
  const ratio = medianRatio(ours.perSecond, theirs.perSecond);
  return {
    id,
    what,
    ours: `${median(ours.perSecond).toFixed(0)}/s`,
    theirs: `${median(theirs.perSecond).toFixed(0)}/s`,
    ratio,
    pass: `≥ ${atLeast}×`,
    isPassed: ratio >= atLeast,
  };
}

/** A plan whose allowance is not used up, so that what is measured is counting and not credits. */
async function giveRoom(db: Db, customerId: string): Promise<void> {
  const plan = await db.plan.findUniqueOrThrow({ where: { slug: "community-pro" } });
  await db.planGrant.create({
    data: {
      id: newId(),
      customerId,
      planVersionId: plan.currentVersionId ?? "",
      source: "comp",
      startsAt: new Date(0),
    },
  });
}

/** @throws Error when the ledger, the lots, the balance and the open holds of a customer do not say the same. */
async function assertConserved(db: Db, customerId: string): Promise<void> {
  const [sums] = await db.$queryRaw<
    { ledger: bigint; lots: bigint; held: bigint; credits: bigint; credits_held: bigint }[]
  >`
    select (select sum(amount) from credit_entries where customer_id = ${customerId}::uuid)::bigint as ledger,
           (select sum(remaining) from credit_lots where customer_id = ${customerId}::uuid)::bigint as lots,
           (select coalesce(sum(credits), 0) from reservations where customer_id = ${customerId}::uuid and state = 'held')::bigint as held,
           b.credits, b.credits_held
    from customer_balances b where b.customer_id = ${customerId}::uuid`;
  if (!sums || sums.ledger !== sums.credits || sums.lots !== sums.credits || sums.held !== sums.credits_held)
    throw new Error(
      `The ledger does not add up: ${JSON.stringify(sums, (_key, value) => (typeof value === "bigint" ? String(value) : value))}`,
    );
}
