import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis";
import pg from "pg";
import { RateLimiterPostgres } from "rate-limiter-flexible";
import { LOCAL_CREDENTIALS } from "@/local/credentials";

/** Never reached, as the limit of the measured customer is not. */
const LIMIT = 1_000_000_000;
const DAY_SECONDS = 86_400;

/** What others take to limit a customer. Each throws when it refuses: a refusal is no figure. */
export type Peers = {
  flexible(customerId: string): Promise<void>;
  upstash(customerId: string): Promise<void>;
  close(): Promise<void>;
};

/** What each of them does not do, read in its source (the named version). */
export const PEER_REMARKS = {
  prisma:
    "It knows one balance: no windows, holds, lots or expiry, and a repeated call is refused by its key instead of answered.",
  flexible:
    "rate-limiter-flexible 11.4.0 on Postgres: one row per customer and window, durable; no ledger, no holds, a repeated call counts twice, and calls that it refuses are counted too.",
  upstash:
    "@upstash/ratelimit 2.2.0, fixed window: one INCRBY in Redis and lost with it; no ledger, no holds, a repeated call counts twice, refused calls are counted too, and by default it allows what Redis does not answer in five seconds.",
} as const;

/** Opens the peers: on the same Postgres, and on a Redis in a process of its own. */
export async function openPeers(databaseUrl: string, redisUrl: string): Promise<Peers> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  const flexible = await new Promise<RateLimiterPostgres>((resolve, reject) => {
    const limiter = new RateLimiterPostgres(
      {
        storeClient: pool,
        tableName: "peer_limits",
        points: LIMIT,
        duration: DAY_SECONDS,
        clearExpiredByTimeout: false,
      },
      (error) => (error ? reject(error) : resolve(limiter)),
    );
  });
  const upstash = new Ratelimit({
    redis: new Redis({ url: redisUrl, token: LOCAL_CREDENTIALS.redisToken, enableTelemetry: false }),
    limiter: Ratelimit.fixedWindow(LIMIT, `${DAY_SECONDS} s`),
    prefix: "peer",
    ephemeralCache: false,
    // With a time-out it would allow what it has not counted.
    timeout: 0,
  });
  return {
    async flexible(customerId) {
      await flexible.consume(customerId, 1);
    },
    async upstash(customerId) {
      const { success } = await upstash.limit(customerId);
      if (!success) throw new Error("@upstash/ratelimit refused");
    },
    close: () => pool.end(),
  };
}
