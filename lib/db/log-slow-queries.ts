import type { SqlDriverAdapterFactory, SqlQuery, SqlQueryable } from "@prisma/driver-adapter-utils";
import { log } from "@/lib/log";
import { incrementMetric } from "@/lib/metrics";

/** Enough to find the query by; a list of a thousand columns is not read by anybody. */
const LONGEST_SHAPE = 1_000;

/**
 * Has every query that takes longer than `slowMs` logged with its duration and its shape, never with a value. The
 * time includes waiting for a connection.
 */
export function logSlowQueries(factory: SqlDriverAdapterFactory, slowMs: number): SqlDriverAdapterFactory {
  const { connect } = factory;
  factory.connect = async () => {
    const adapter = timed(await connect.call(factory), slowMs);
    const { startTransaction } = adapter;
    adapter.startTransaction = async (isolationLevel) =>
      timed(await startTransaction.call(adapter, isolationLevel), slowMs);
    return adapter;
  };
  return factory;
}

function timed<Queryable extends SqlQueryable>(queryable: Queryable, slowMs: number): Queryable {
  const { queryRaw, executeRaw } = queryable;
  queryable.queryRaw = (query) => timeQuery(query, slowMs, () => queryRaw.call(queryable, query));
  queryable.executeRaw = (query) => timeQuery(query, slowMs, () => executeRaw.call(queryable, query));
  return queryable;
}

/** Runs one query and has it logged if it takes longer than `slowMs`. */
export async function timeQuery<Result>(
  { sql }: Pick<SqlQuery, "sql">,
  slowMs: number,
  run: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  try {
    return await run();
  } finally {
    const durationMs = performance.now() - startedAt;
    if (durationMs >= slowMs) {
      incrementMetric("slow_queries");
      log("warn", "query.slow", { duration_ms: Math.round(durationMs), sql: sqlShape(sql) });
    }
  }
}

/** The statement without any value: texts and numbers written into it become `?`, and lists of parameters one `…`. */
export function sqlShape(sql: string): string {
  const shape = sql
    .replace(/--[^\n]*/g, " ")
    .replace(/\/\*[\s\S]*?\*\//g, " ")
    .replace(/\$([A-Za-z_]*)\$[\s\S]*?\$\1\$/g, "?")
    .replace(/[eE]?'(?:[^'\\]|''|\\.)*'/g, "?")
    .replace(/(?<![\w$."])\d+(?:\.\d+)?(?![\w"])/g, "?")
    .replace(/\s+/g, " ")
    .replace(/(\$\d+)(?:\s*,\s*\$\d+){3,}/g, "$1, …")
    .replace(/(\([^()]*\))(?:\s*,\s*\([^()]*\)){2,}/g, "$1, …")
    .trim();
  return shape.length > LONGEST_SHAPE ? `${shape.slice(0, LONGEST_SHAPE)}…` : shape;
}
