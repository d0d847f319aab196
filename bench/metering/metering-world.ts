import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Client } from "pg";
import { readPreset } from "@/catalogues/read-preset";
import { type Db, openDb } from "@/lib/db/client";
import { newId } from "@/lib/new-id";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { startPostgres } from "@/local/postgres/start-postgres";
import { applyMigrations } from "@/scripts/migrate";

export type MeteringWorld = {
  databaseUrl: string;
  db: Db;
  /** Half of all rows are this one's. */
  hotCustomerId: string;
  customerIds: string[];
  close(): Promise<void>;
};

/** What every generated customer has spent of what it was granted; the hot one so much more that it has half of all. */
const GRANTED = 1_000_000_000_000n;

/**
 * A database of its own, fsync on, with a large and skewed past: `customers` customers and about `rows` rows of ledger
 * and as many usage events, half of them of one customer. Beside it stand the tables of the hand-written floors, filled alike.
 */
export async function openMeteringWorld(size: { customers: number; rows: number }): Promise<MeteringWorld> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "tollkeeper-bench-"));
  const postgres = await startPostgres({ port: 0, dataDir, durable: true, databases: ["bench"] });
  const databaseUrl = postgres.databaseUrl("bench");
  await applyMigrations(databaseUrl, process.cwd());
  const db = openDb(databaseUrl, 10, 60_000);
  await publishCatalogue({ db, now: new Date() }, { catalogue: readPreset("community") });
  const startedAt = performance.now();
  // Without the time limit of the product's own connections.
  const sql = new Client({ connectionString: databaseUrl });
  await sql.connect();
  const hotCustomerId = newId();
  const others = size.customers - 1;
  const coldRows = Math.floor(size.rows / 2 / others);
  const hotRows = size.rows - coldRows * others;
  const createdAt = new Date(Date.now() - 40 * 86_400_000);
  await sql.query(
    `
    insert into customers (id, type, name, email, metadata, time_zone, created_at)
    select case when n = 0 then $1::uuid else gen_random_uuid() end, 'personal', 'Customer ' || n,
           'c' || n || '@bench.test', '{}', 'UTC', $2
    from generate_series(0, $3::integer) n`,
    [hotCustomerId, createdAt, others],
  );
  // One grant that is never used up, then a spend and its event for each row, spread over the last thirty days.
  await sql.query(
    `
    insert into credit_lots (customer_id, id, source, granted, remaining, granted_at, reference)
    select id, gen_random_uuid(), 'purchased', $1::bigint, $2::bigint - case when id = $3::uuid then $4::bigint else $5::bigint end,
           $6::timestamptz, 'bench' from customers`,
    [GRANTED, GRANTED, hotCustomerId, hotRows, coldRows, createdAt],
  );
  await sql.query(
    `
    insert into credit_entries (customer_id, sequence, kind, amount, balance_after, key, lot_ids, lot_amounts, occurred_at)
    select customer_id, 1, 'grant', granted, granted, 'bench', array[id], array[granted], granted_at from credit_lots`,
    [],
  );
  await sql.query(
    `
    select ensure_usage_partition($1::timestamptz + make_interval(months => m)) from generate_series(0, 2) m`,
    [createdAt],
  );
  for (const [count, isHot] of [
    [coldRows, false],
    [hotRows, true],
  ] as const) {
    await sql.query(
      `
      insert into credit_entries (customer_id, sequence, kind, amount, balance_after, key, lot_ids, lot_amounts, occurred_at)
      select l.customer_id, n + 1, 'spend', -1, $1::bigint - n, 'bench:' || n, array[l.id], array[-1],
             $2::timestamptz + (n * 2592000 / $3::bigint) * interval '1 second'
      from credit_lots l cross join generate_series(1, $4::bigint) n
      where (l.customer_id = $5::uuid) = $6`,
      [GRANTED, createdAt, count, count, hotCustomerId, isHot],
    );
    await sql.query(
      `
      insert into usage_events (customer_id, occurred_at, id, reservation_id, meter_key, quantity, credit_units, credits,
                                credit_sequence, windows, window_starts, details)
      select e.customer_id, e.occurred_at, gen_random_uuid(), gen_random_uuid(), 'ai_requests', 1, 1, 1, e.sequence,
             '{}', '{}', '{}'
      from credit_entries e where e.kind = 'spend' and (e.customer_id = $1::uuid) = $2`,
      [hotCustomerId, isHot],
    );
  }
  await sql.query(
    `
    update customer_balances b set credits = l.remaining, entry_sequence = 1 + $1::bigint - l.remaining
    from credit_lots l where l.customer_id = b.customer_id`,
    [GRANTED],
  );
  await makeFloorTables(sql);
  await sql.query("vacuum analyze");
  await sql.query("checkpoint");
  await sql.end();
  const customers = await db.customer.findMany({ select: { id: true } });
  console.log(
    `  ${size.customers} customers, ${size.rows} ledger rows and as many events in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`,
  );
  return {
    databaseUrl,
    db,
    hotCustomerId,
    customerIds: customers.map(({ id }) => id),
    async close() {
      await db.$disconnect();
      await postgres.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** What one would write by hand: a balance, and a ledger with a unique key. */
async function makeFloorTables(sql: Client): Promise<void> {
  await sql.query(
    `create table floor_balances (customer_id uuid primary key, balance bigint not null check (balance >= 0)) with (fillfactor = 50)`,
  );
  await sql.query(`create table floor_ledger (
    id bigint generated always as identity primary key, customer_id uuid not null, delta bigint not null, key text not null,
    created_at timestamptz not null default now(), unique (customer_id, key))`);
  await sql.query(`insert into floor_balances select customer_id, credits from customer_balances`);
  await sql.query(
    `insert into floor_ledger (customer_id, delta, key) select customer_id, amount, key from credit_entries`,
  );
  await sql.query(`create table floor_events (
    customer_id uuid not null, occurred_at timestamptz not null, id uuid not null, meter_key text not null,
    quantity bigint not null, key text not null, details jsonb not null, primary key (customer_id, occurred_at, id),
    unique (customer_id, key))`);
}
