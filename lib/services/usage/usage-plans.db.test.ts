import { afterAll, beforeAll, expect, test } from "vitest";
import { type Db, openDb } from "@/lib/db/client";
import { query } from "@/lib/db/query";
import { newId } from "@/lib/new-id";
import { grantCredits } from "@/lib/services/credits/post-credits";
import { openTestWorld, TEST_NOW, type TestWorld } from "@/local/testing/test-context";
import { recordUsage } from "./record-usage";
import { reserveUsage } from "./reserve-usage";
import { commitReservation, releaseReservation } from "./settle-reservation";

const ROWS = 20_000;

let world: TestWorld;
/** One connection, which keeps the plans it once made. */
let db: Db;
beforeAll(async () => {
  world = await openTestWorld();
  db = openDb(world.ctx.env.databaseUrl, 1);
});
afterAll(async () => {
  await db.$disconnect();
  await world.close();
});

/** A day of everything that is decided and settled: split uses, plain ones, by allowance and by credits. */
async function liveADay(customerId: string, day: number): Promise<void> {
  const ctx = { db, now: new Date(TEST_NOW.getTime() + day * 86_400_000) };
  const use = (quantity: number) => ({
    customerId,
    userId: null,
    meter: "ai_requests",
    quantity,
    key: newId(),
  });
  const settlement = async (quantity: number) => ({
    customerId,
    reservationId: (await reserveUsage(ctx, use(quantity))).id,
  });
  await commitReservation(ctx, { ...(await settlement(1)), quantity: 1, details: {} });
  await releaseReservation(ctx, await settlement(1));
  await recordUsage(ctx, use(1));
  await commitReservation(ctx, { ...(await settlement(3)), quantity: 4, details: {} });
  await recordUsage(ctx, use(2));
}

/** Rows that this connection has read of what grows without end. */
async function rowsRead(): Promise<number> {
  await query(db, "select pg_stat_force_next_flush()", []);
  const [row] = await query<{ rows: string }>(
    db,
    `select sum(s.seq_tup_read + i.read) as rows from pg_stat_user_tables s
     cross join lateral (select coalesce(sum(idx_tup_read), 0) as read from pg_stat_user_indexes where relid = s.relid) i
     where s.relname in ('reservations', 'credit_entries', 'credit_lots')`,
    [],
  );
  return Number(row?.rows);
}

test("a connection that made its plans while a customer was new reads no more of them when they have a long past", async () => {
  const { customerId } = await world.createPerson();
  const grant = (key: string) =>
    grantCredits(
      { db, now: TEST_NOW },
      { customerId, credits: 1_000, key, source: "purchased", expiresAt: null },
    );
  await grant("first");
  for (let day = 0; day < 7; day += 1) await liveADay(customerId, day);
  const before = await rowsRead();
  await liveADay(customerId, 7);
  const whenNew = (await rowsRead()) - before;

  await query(
    db,
    `insert into reservations (customer_id, id, key, meter_key, quantity, windows, window_starts, window_users, window_limits,
                               window_routes, used_quantity, allowance_units, state, created_at, expires_at, settled_at)
     select $1, md5(n::text)::uuid, 'past ' || n, 'ai_requests', 1, '{day}', array['2020-01-01'::timestamptz], array[nobody()], '{3}',
            '{0}', 1, 1, 'committed', '2020-01-01', '2020-01-01', '2020-01-01' from generate_series(1, $2::integer) n`,
    [customerId, ROWS],
  );
  const beforeOld = await rowsRead();
  await liveADay(customerId, 8);
  const whenOld = (await rowsRead()) - beforeOld;
  expect(whenNew).toBeGreaterThan(0);
  expect(whenOld).toBeLessThan(3 * whenNew);
});
