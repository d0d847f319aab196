import pg from "pg";
import type { Db } from "@/lib/db/client";
import { newId } from "@/lib/new-id";

/**
 * What one would write by hand, on tables as large and as skewed as the product's: the measure for what its decision
 * costs. None of them knows windows, holds, lots or replays.
 */
export type Floors = {
  /** One prepared statement: debit and ledger row. */
  singleStatement(customerId: string): Promise<void>;
  /** The usual transaction by pg: select for update, update, insert. */
  transaction(customerId: string): Promise<void>;
  /** The same through Prisma. */
  prismaTransaction(customerId: string): Promise<void>;
  /** 500 events in one statement. */
  insert500(customerId: string): Promise<void>;
  close(): Promise<void>;
};

export function openFloors(databaseUrl: string, db: Db): Floors {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  return {
    async singleStatement(customerId) {
      await pool.query({
        name: "debit",
        text: `with debit as (
                 update floor_balances set balance = balance - 1 where customer_id = $1 and balance >= 1 returning customer_id)
               insert into floor_ledger (customer_id, delta, key) select customer_id, -1, $2 from debit`,
        values: [customerId, newId()],
      });
    },
    async transaction(customerId) {
      const client = await pool.connect();
      try {
        await client.query("begin");
        await client.query({
          name: "lock",
          text: "select balance from floor_balances where customer_id = $1 for update",
          values: [customerId],
        });
        await client.query({
          name: "update",
          text: "update floor_balances set balance = balance - 1 where customer_id = $1",
          values: [customerId],
        });
        await client.query({
          name: "insert",
          text: "insert into floor_ledger (customer_id, delta, key) values ($1, -1, $2)",
          values: [customerId, newId()],
        });
        await client.query("commit");
      } finally {
        client.release();
      }
    },
    async prismaTransaction(customerId) {
      await db.$transaction(
        async (tx) => {
          await tx.$queryRaw`select balance from floor_balances where customer_id = ${customerId}::uuid for update`;
          await tx.$executeRaw`update floor_balances set balance = balance - 1 where customer_id = ${customerId}::uuid`;
          await tx.$executeRaw`insert into floor_ledger (customer_id, delta, key) values (${customerId}::uuid, -1, ${newId()})`;
        },
        { maxWait: 20_000, timeout: 20_000 },
      );
    },
    async insert500(customerId) {
      const ids = Array.from({ length: 500 }, () => newId());
      await pool.query({
        name: "insert500",
        text: `insert into floor_events (customer_id, occurred_at, id, meter_key, quantity, key, details)
               select $1, now(), id, 'ai_requests', 1, key, '{}' from unnest($2::uuid[], $3::text[]) as e (id, key)`,
        values: [customerId, ids, ids],
      });
    },
    close: () => pool.end(),
  };
}
