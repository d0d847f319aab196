import { AppError } from "@/lib/app-error";
import { businessNow } from "@/lib/clock";
import { type Env, envResult } from "@/lib/env";
import { type EdgeStore, openEdgeStore } from "@/lib/redis/edge-store";
import { openRateLimiter, type RateLimiter } from "@/lib/redis/rate-limiter";

/** What an answer from the edge is made from: Redis and nothing else. */
export type EdgeContext = {
  env: Env;
  /** Null = no Redis is configured. */
  store: EdgeStore | null;
  rateLimiter: Pick<RateLimiter, "count">;
  /** Business time of this request. */
  now: Date;
};

const CONNECTIONS = Symbol.for("tollkeeper.edge.connections");
const state = globalThis as { [CONNECTIONS]?: Omit<EdgeContext, "now"> };

/** Answers from these connections in this process; for tests that call route handlers. */
export function setEdgeConnections(connections: Omit<EdgeContext, "now">): void {
  state[CONNECTIONS] = connections;
}

/** @throws AppError `not_configured` when a variable is missing. */
export function getEdgeContext(): EdgeContext {
  state[CONNECTIONS] ??= openConnections();
  return { ...state[CONNECTIONS], now: businessNow() };
}

function openConnections(): Omit<EdgeContext, "now"> {
  const result = envResult();
  if (!result.ok) {
    throw new AppError(
      "not_configured",
      "This installation is not set up yet. /setup lists what is missing.",
    );
  }
  const { env } = result;
  return {
    env,
    store: env.redis && openEdgeStore(env.redis),
    rateLimiter: openRateLimiter(env.redis),
  };
}
