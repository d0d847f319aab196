import { connectionsOf, type Db } from "./client";
import { timeQuery } from "./log-slow-queries";

/**
 * Runs one statement past the client's query engine, in its own transaction on a connection of the same pool: the way
 * of what has to be fast. `bigint` columns come as text, `jsonb` parsed.
 * @throws what pg throws; `isDatabaseUnavailable` knows which of it means that Postgres is away.
 */
export async function query<Row extends Record<string, unknown>>(
  db: Db,
  sql: string,
  values: unknown[],
): Promise<Row[]> {
  const { pool, slowQueryMs } = connectionsOf(db);
  const { rows } = await timeQuery({ sql }, slowQueryMs, () => pool.query<Row>(sql, values));
  return rows;
}
