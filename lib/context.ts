import "server-only";
import type Stripe from "stripe";
import { AppError } from "@/lib/app-error";
import { businessNow } from "@/lib/clock";
import type { Db } from "@/lib/db/client";
import type { Mailer } from "@/lib/email/mailer";
import { type Env, envResult } from "@/lib/env";
import { openContext } from "@/lib/open-context";
import type { RateLimiter } from "@/lib/redis/rate-limiter";

/** Everything a service reaches the world through. */
export type Context = {
  env: Env;
  db: Db;
  stripe: Stripe;
  email: Mailer;
  rateLimiter: RateLimiter;
  /** Business time of this request; see lib/clock.ts. */
  now: Date;
};

// Route handlers, pages and the instrumentation are bundled apart; the pool must not be.
const CONNECTIONS = Symbol.for("tollkeeper.connections");
const state = globalThis as { [CONNECTIONS]?: Omit<Context, "now"> };

/** Serves requests in this process from these connections; for tests that call route handlers. */
export function setConnections(connections: Omit<Context, "now">): void {
  state[CONNECTIONS] = connections;
}

/**
 * The context of one request.
 * @throws AppError `not_configured` when a variable is missing; `/setup` says which.
 */
export function getContext(): Context {
  state[CONNECTIONS] ??= openContext(requireEnv());
  return { ...state[CONNECTIONS], now: businessNow() };
}

function requireEnv(): Env {
  const result = envResult();
  if (result.ok) return result.env;
  throw new AppError("not_configured", "This installation is not set up yet. /setup lists what is missing.", {
    detail: result.problems.join(" "),
  });
}
