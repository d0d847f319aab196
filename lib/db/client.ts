import { PrismaPg } from "@prisma/adapter-pg";
import { Pool } from "pg";
import { PrismaClient } from "./generated/client";
import { logSlowQueries } from "./log-slow-queries";

export type Db = PrismaClient;
/** What a service may use inside and outside of a transaction alike. */
export type DbTransaction = Parameters<Parameters<Db["$transaction"]>[0]>[0];

type Connections = { pool: Pool; slowQueryMs: number };
/**
 * On the client itself, so that what extends it has them too. Of the whole process: Next bundles this file more than once,
 * and pages are given a client that another bundle opened.
 */
const CONNECTIONS = Symbol.for("tollkeeper.db.connections");

/**
 * Opens a pool. A database that does not answer is an error in seconds, not a wait without end; a query slower than
 * `slowQueryMs` is logged.
 */
export function openDb(databaseUrl: string, poolSize = 10, slowQueryMs = 200): Db {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: poolSize,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 30_000,
    query_timeout: 15_000,
  });
  // A connection that breaks while nobody uses it is replaced by the pool; without a listener it would end the process.
  pool.on("error", () => {});
  const adapter = new PrismaPg(pool, { disposeExternalPool: true });
  const db = new PrismaClient({
    adapter: logSlowQueries(adapter, slowQueryMs),
    // A connection is waited for as above; a busy machine alone is no reason to give a transaction up half-way.
    transactionOptions: { maxWait: 3_000, timeout: 10_000 },
  });
  return Object.assign(db, { [CONNECTIONS]: { pool, slowQueryMs } });
}

/** The connections under a client, for the few statements that the client itself would make slow. */
export function connectionsOf(db: Db): Connections {
  const found = (db as Db & { [CONNECTIONS]?: Connections })[CONNECTIONS]; // set by openDb
  if (!found) throw new Error("This client was not opened by openDb.");
  return found;
}
