import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "./generated/client";
import { logSlowQueries } from "./log-slow-queries";

export type Db = PrismaClient;
/** What a service may use inside and outside of a transaction alike. */
export type DbTransaction = Parameters<Parameters<Db["$transaction"]>[0]>[0];

/**
 * Opens a pool. A database that does not answer is an error in seconds, not a wait without end; a query slower than
 * `slowQueryMs` is logged.
 */
export function openDb(databaseUrl: string, poolSize = 10, slowQueryMs = 200): Db {
  const adapter = new PrismaPg({
    connectionString: databaseUrl,
    max: poolSize,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 30_000,
    query_timeout: 15_000,
  });
  return new PrismaClient({ adapter: logSlowQueries(adapter, slowQueryMs) });
}
