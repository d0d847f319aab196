import { connectionsOf, type Db } from "./client";
import { timeQuery } from "./log-slow-queries";

/** Connection poolers that keep no statements say this of one prepared by name. */
const STATEMENT_IS_MISSING = new Set(["26000", "42P05"]);
const withoutNames = new WeakSet<Db>();

/**
 * Runs one statement past the client's query engine, in its own transaction on a connection of the same pool: the way
 * of what has to be fast. `bigint` columns come as text, `jsonb` parsed.
 * @param name what the statement is prepared under, so that a connection parses it once; where a pooler between does not
 *   know such statements, it is sent whole from then on.
 * @throws what pg throws; `isDatabaseUnavailable` knows which of it means that Postgres is away.
 */
export async function query<Row extends Record<string, unknown>>(
  db: Db,
  sql: string,
  values: unknown[],
  name?: string,
): Promise<Row[]> {
  const { pool, slowQueryMs } = connectionsOf(db);
  const run = (statement: { name?: string }) =>
    timeQuery({ sql }, slowQueryMs, () => pool.query<Row>({ ...statement, text: sql, values }));
  if (name === undefined || withoutNames.has(db)) return (await run({})).rows;
  try {
    return (await run({ name })).rows;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!STATEMENT_IS_MISSING.has(code)) throw error;
    withoutNames.add(db);
    return (await run({})).rows;
  }
}
