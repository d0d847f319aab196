import type { Context } from "@/lib/context";
import { openDb } from "@/lib/db/client";
import { openMailer } from "@/lib/email/mailer";
import type { Env } from "@/lib/env";
import { openEdgeStore } from "@/lib/redis/edge-store";
import { openRateLimiter } from "@/lib/redis/rate-limiter";
import { publishToEdge } from "@/lib/services/edge/announce-usage";
import { openStripe } from "@/lib/stripe/client";

/** Connections of one process. */
const POOL_SIZE = 10;

/** Opens everything a service reaches the world through. The server does so once; scripts and tests do for themselves. */
export function openContext(env: Env): Omit<Context, "now"> {
  const db = openDb(env.databaseUrl, POOL_SIZE, env.observability.slowQueryMs);
  if (env.redis) publishToEdge(db, openEdgeStore(env.redis));
  return {
    env,
    db,
    stripe: openStripe(env.stripe),
    email: openMailer(env.mail),
    rateLimiter: openRateLimiter(env.redis),
  };
}
