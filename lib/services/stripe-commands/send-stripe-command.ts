import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { StripeCommand } from "@/lib/db/generated/client";
import type { InputJsonValue } from "@/lib/db/generated/internal/prismaNamespace";
import { newId } from "@/lib/new-id";
import {
  callStripe,
  mayBeRepeated,
  type StripeCommandKind,
  type StripeCommandParameters,
  type StripeCommandResult,
} from "@/lib/stripe/commands";

/** After this Stripe may have forgotten the key, and a repetition could be a second effect. (24 h, less an hour) */
export const COMMAND_LIFETIME_MS = 23 * 60 * 60 * 1000;

/** Recorded where it stays unknown whether Stripe did it. */
export const UNANSWERED = "Stripe never answered while its idempotency key was valid";

/**
 * Writes to Stripe: a row first, then the call, so nothing that may have happened at Stripe is ever unknown here.
 * The key is built from our ids; the same key again continues the command it names and returns its result. What
 * Stripe refused had no effect, so asked for again it begins anew, with the parameters of now.
 * @returns what Stripe made.
 * @throws AppError `stripe_unavailable` when there was no answer (the sweep repeats the call), `internal` when
 *   Stripe refused it (listed for an admin).
 */
export async function sendStripeCommand<Kind extends StripeCommandKind>(
  ctx: Pick<Context, "db" | "stripe">,
  command: {
    kind: Kind;
    idempotencyKey: string;
    customerId: string | null;
    parameters: StripeCommandParameters[Kind];
  },
): Promise<StripeCommandResult> {
  const at = new Date();
  const fresh = {
    // Stripe's parameters are plain JSON; the SDK's types only do not say so.
    parameters: command.parameters as unknown as InputJsonValue,
    state: "pending" as const,
    nextAttemptAt: at,
    createdAt: at,
    updatedAt: at,
  };
  const { customerId, kind, idempotencyKey } = command;
  const { count } = await ctx.db.stripeCommand.createMany({
    data: { id: newId(), customerId, kind, idempotencyKey, ...fresh },
    skipDuplicates: true,
  });
  if (count === 0) {
    await ctx.db.stripeCommand.updateMany({
      where: { idempotencyKey, state: "failed", lastError: { not: UNANSWERED } },
      data: fresh,
    });
  }
  const row = await ctx.db.stripeCommand.findUniqueOrThrow({ where: { idempotencyKey } });
  return runStripeCommand(ctx, row);
}

/** Makes the call of a stored command and records how it went. Errors as `sendStripeCommand`. */
export async function runStripeCommand(
  ctx: Pick<Context, "db" | "stripe">,
  row: StripeCommand,
): Promise<StripeCommandResult> {
  // Written below, from nothing else.
  if (row.state === "succeeded") return row.result as StripeCommandResult;
  if (row.state === "abandoned") throw refused(`command ${row.id} was abandoned`);
  if (Date.now() - row.createdAt.getTime() > COMMAND_LIFETIME_MS) {
    await recordFailure(ctx, row, "failed", UNANSWERED);
    throw refused(`command ${row.id} is too old to repeat`);
  }
  try {
    const result = await callStripe(
      ctx.stripe,
      row.kind as StripeCommandKind, // written by sendStripeCommand, which takes nothing else
      row.parameters as unknown as StripeCommandParameters[StripeCommandKind],
      row.idempotencyKey,
    );
    await ctx.db.stripeCommand.update({
      where: { id: row.id },
      data: {
        state: "succeeded",
        result,
        attempts: { increment: 1 },
        nextAttemptAt: null,
        lastError: null,
        updatedAt: new Date(),
      },
    });
    return result;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const repeatable = mayBeRepeated(error);
    await recordFailure(ctx, row, repeatable ? "pending" : "failed", text);
    if (!repeatable) throw refused(`Stripe refused ${row.kind}`, error);
    throw new AppError(
      "stripe_unavailable",
      "The payment service does not answer at the moment. Nothing was charged; please try again.",
      { detail: `no answer to ${row.kind}`, cause: error, retryAfterSeconds: 5 },
    );
  }
}

async function recordFailure(
  ctx: Pick<Context, "db">,
  row: StripeCommand,
  state: "pending" | "failed",
  lastError: string,
): Promise<void> {
  const attempts = row.attempts + 1;
  // Of two who make the same call, the one told that its key is in use may hear so after the other's success.
  await ctx.db.stripeCommand.updateMany({
    where: { id: row.id, state: { not: "succeeded" } },
    data: {
      state,
      attempts,
      lastError,
      nextAttemptAt: state === "pending" ? retryAt(attempts) : null,
      updatedAt: new Date(),
    },
  });
}

/** Exponential back-off from 2 s to 10 min, with jitter so that a fleet does not come back as one. (S0-111) */
function retryAt(attempts: number): Date {
  const delayMs = Math.min(2_000 * 2 ** (attempts - 1), 600_000);
  return new Date(Date.now() + delayMs * (0.5 + Math.random() / 2));
}

function refused(detail: string, cause?: unknown): AppError {
  return new AppError(
    "internal",
    "The payment service refused this. Nothing was charged; we have been told.",
    { detail, cause },
  );
}
