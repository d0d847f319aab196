import { type Db, openDb } from "@/lib/db/client";
import { newId } from "@/lib/new-id";
import { getUsage } from "@/lib/services/usage/get-usage";
import { listUsageEvents } from "@/lib/services/usage/list-usage-events";
import { recordUsageBatch } from "@/lib/services/usage/record-usage";
import { commitReservation } from "@/lib/services/usage/settle-reservation";
import type { BenchOptions } from "./bench-options";
import { startEdgeRedis } from "./edge-redis-process";
import { startDelayProxy } from "./metering/delay-proxy";
import { openFloors } from "./metering/floors";
import { hotCustomer } from "./metering/hot-customer";
import { CALLERS, figuresOf, type Measuring, reserve } from "./metering/measuring";
import { openMeteringWorld } from "./metering/metering-world";
import { faster, keepReport, printRow, quicker, type Row } from "./report";

const FULL = { size: { customers: 100_000, rows: 2_000_000 }, rounds: { rounds: 7, roundMs: 1_500 } };
const SHORT = { size: { customers: 1_000, rows: 20_000 }, rounds: { rounds: 3, roundMs: 300 } };
/** With the database a little away: each direction takes this. */
const DELAY_MS = 1;

/**
 * What a decision costs beside what one would write by hand, on 100,000 customers of whom one has half of all rows.
 * Every figure is a ratio within one run, in turns. After it the ledger has to add up, or there is no figure.
 */
export async function benchMetering(options: BenchOptions): Promise<void> {
  const { size, rounds } = options.isShort ? SHORT : FULL;
  console.log("metering: making the past");
  const world = await openMeteringWorld(size);
  const redis = await startEdgeRedis();
  const floors = openFloors(world.databaseUrl, world.db);
  const measuring = { world, floors, redisUrl: redis.urls.healthy, rounds, answered: { count: 0 } };
  const rows: Row[] = [];
  try {
    for (const measure of [hotCustomer, alone, overAllCustomers, farDatabase, ingest, largeHistory]) {
      const found = await measure(measuring);
      for (const row of found) printRow(row);
      rows.push(...found);
    }
    await assertConserved(world.db, world.hotCustomerId);
    await assertAllThere(measuring);
    console.log(
      `  every credit and every hold is accounted for, and each of ${measuring.answered.count} answers`,
    );
  } finally {
    redis.stop();
    await floors.close();
    await world.close();
  }
  keepReport("metering", options, { size, rounds, rows });
}

/** B4: nobody else. */
async function alone(measuring: Measuring): Promise<Row[]> {
  const { world, floors } = measuring;
  const customerId = world.customerIds[1] ?? "";
  const [ours, single] = await figuresOf(measuring, [
    { name: "reserve", callers: 1, work: () => reserve(measuring, world.db, customerId) },
    { name: "statement", callers: 1, work: () => floors.singleStatement(customerId) },
  ]);
  return [quicker("B4", "alone, time of one", { ours, theirs: single, atMost: 2 })];
}

/** B5: reserve and commit, all customers alike. */
async function overAllCustomers(measuring: Measuring): Promise<Row[]> {
  const { db, customerIds } = measuring.world;
  let turn = 0;
  const next = () => {
    turn = (turn + 7_919) % customerIds.length;
    return customerIds[turn] ?? "";
  };
  const [ours, single] = await figuresOf(measuring, [
    {
      name: "reserve and commit",
      callers: CALLERS,
      work: async () => {
        const customerId = next();
        const { id } = await reserve(measuring, db, customerId);
        await commitReservation(
          { db, now: new Date() },
          { customerId, reservationId: id, quantity: 1, details: {} },
        );
      },
    },
    { name: "statement", callers: CALLERS, work: () => measuring.floors.singleStatement(next()) },
  ]);
  return [faster("B5", "reserve and commit over all customers", { ours, theirs: single, atLeast: 0.5 })];
}

/** B3: two milliseconds to the database and back. */
async function farDatabase(measuring: Measuring): Promise<Row[]> {
  const { databaseUrl, hotCustomerId } = measuring.world;
  const near = new URL(databaseUrl);
  const proxy = await startDelayProxy({ host: near.hostname, port: Number(near.port) }, DELAY_MS);
  const far = new URL(databaseUrl);
  far.port = String(proxy.port);
  const db = openDb(far.href, 10, 60_000);
  const floors = openFloors(far.href, db);
  try {
    const [ours, usual] = await figuresOf(measuring, [
      { name: "reserve", callers: CALLERS, work: () => reserve(measuring, db, hotCustomerId) },
      { name: "transaction", callers: CALLERS, work: () => floors.transaction(hotCustomerId) },
    ]);
    return [
      faster("B3", "2 ms to the database, against the usual transaction", {
        ours,
        theirs: usual,
        atLeast: 30,
      }),
    ];
  } finally {
    await floors.close();
    await db.$disconnect();
    proxy.close();
  }
}

/** B12: recorded in batches. */
async function ingest(measuring: Measuring): Promise<Row[]> {
  const { db, customerIds } = measuring.world;
  const [, , customerId = ""] = customerIds;
  await giveRoom(db, customerId);
  const [ours, raw] = await figuresOf(measuring, [
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
    { name: "insert", callers: 4, unitsPerCall: 500, work: () => measuring.floors.insert500(customerId) },
  ]);
  return [faster("B12", "batches of 500, against raw inserts of 500", { ours, theirs: raw, atLeast: 0.4 })];
}

/** B13: what is shown to whoever has a million rows, against whoever has ten. */
async function largeHistory(measuring: Measuring): Promise<Row[]> {
  const { db, hotCustomerId, customerIds } = measuring.world;
  const small = customerIds[3] ?? "";
  const show = (customerId: string) => async () => {
    await getUsage({ db, now: new Date() }, { customerId });
    await listUsageEvents({ db }, { customerId, filter: {}, page: { limit: 10, after: null } });
  };
  const [large, little] = await figuresOf(measuring, [
    { name: "large", callers: 1, work: show(hotCustomerId) },
    { name: "small", callers: 1, work: show(small) },
  ]);
  return [
    quicker("B13", "usage and a page of history of a customer with half of all rows, against one with ten", {
      ours: large,
      theirs: little,
      atMost: 2,
    }),
  ];
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

/** @throws Error when a hold that was answered is not there, or one that was not is. */
async function assertAllThere({ world, answered }: Measuring): Promise<void> {
  // Those of batches have no hold of their own to be told by.
  const count = await world.db.reservation.count({ where: { meterKey: "ai_requests" } });
  if (count !== answered.count) throw new Error(`${answered.count} holds were answered, ${count} are there.`);
}
