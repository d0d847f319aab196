import "server-only";
import type Stripe from "stripe";
import { AppError } from "@/lib/app-error";
import { businessNow } from "@/lib/clock";
import { type Db, openDb } from "@/lib/db/client";
import { type Mailer, openMailer } from "@/lib/email/mailer";
import { type Env, envResult } from "@/lib/env";
import { openRateLimiter, type RateLimiter } from "@/lib/redis/rate-limiter";
import { openStripe } from "@/lib/stripe/client";

/** Everything a service reaches the world through. Tests build their own. */
export type Context = {
  env: Env;
  db: Db;
  stripe: Stripe;
  email: Mailer;
  rateLimiter: RateLimiter;
  /** Business time of this request; see lib/clock.ts. */
  now: Date;
};

type Connections = Omit<Context, "now">;

// Route handlers, pages and the instrumentation are bundled apart; the pool must not be.
const CONNECTIONS = Symbol.for("tollkeeper.connections");
const state = globalThis as { [CONNECTIONS]?: Connections };

/**
 * The context of one request.
 * @throws AppError `not_configured` when a variable is missing; `/setup` says which.
 */
export function getContext(): Context {
  state[CONNECTIONS] ??= openConnections();
  return { ...state[CONNECTIONS], now: businessNow() };
}

function openConnections(): Connections {
  const result = envResult();
  if (!result.ok) {
    throw new AppError("not_configured", "This installation is not set up yet. /setup lists what is missing.", {
      detail: result.problems.join(" "),
    });
  }
  const { env } = result;
  return {
    env,
    db: openDb(env.databaseUrl),
    stripe: openStripe(env.stripe),
    email: openMailer(env.mail),
    rateLimiter: openRateLimiter(env.redis),
  };
}
