import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { PlanTerms } from "@/lib/domain/catalogue";
import { reserveUsage } from "@/lib/services/usage/reserve-usage";
import { commitReservation } from "@/lib/services/usage/settle-reservation";
import type { Random } from "./random";
import { momentsOfUse } from "./usage-rhythm";

/** One call to an AI, as it will be recorded. The key makes it the same one in every run. */
export type Use = {
  key: string;
  at: Date;
  /** Which of the customer's people. */
  person: number;
  meter: string;
  quantity: number;
  inputTokens: number;
  outputTokens: number;
};

/** Uses of one customer wait for each other's row locks, so a few at a time are as fast as many. */
const AT_ONCE = 8;
/** What a day's allowance may be before single calls would not be noticed: beyond it the meter counts something small. */
const COUNTS_CALLS_UP_TO = 2_000;
/** How much of its allowance a believable customer uses on a busy day. */
const BUSY_SHARE = 0.5;
const USES_PER_DAY = 11;

/** The meter a plan's customer is seen using, and how much of it; null when the plan counts nothing. */
export function typicalUse(plan: PlanTerms): { meter: string; perDay: number; quantity: number } | null {
  const [allowance] = plan.allowances.filter(({ window, amount }) => window !== "lifetime" && amount !== 0);
  if (!allowance) return null;
  const days = { day: 1, month: 30, period: 30, lifetime: 1 }[allowance.window];
  const perDay = (allowance.amount ?? COUNTS_CALLS_UP_TO * days) / days;
  const isCountingCalls = perDay <= COUNTS_CALLS_UP_TO;
  return {
    meter: allowance.meter,
    perDay: isCountingCalls ? Math.min(USES_PER_DAY, Math.max(1, perDay * BUSY_SHARE)) : USES_PER_DAY,
    quantity: isCountingCalls ? 1 : Math.ceil((perDay * BUSY_SHARE) / (2 * USES_PER_DAY)),
  };
}

/** What a customer's people use in a stretch of time, drawn once and for all. */
export function drawUses(
  random: Random,
  input: { name: string; plan: PlanTerms; people?: number; from: Date; to: Date; share?: number },
): Use[] {
  const typical = typicalUse(input.plan);
  if (!typical) return [];
  const perDay = Math.max(1, Math.round(typical.perDay * (input.share ?? 1)));
  return momentsOfUse(random, input.from, input.to, perDay).map((at, index) => ({
    key: `demo:${input.name}:${index}`,
    at,
    person: Math.floor(random() * (input.people ?? 1)),
    meter: typical.meter,
    quantity: Math.max(1, Math.round(typical.quantity * (0.5 + random()))),
    inputTokens: 20 + Math.floor(random() * 400),
    outputTokens: 40 + Math.floor(random() * 700),
  }));
}

export type Users = { customerId: string; userIds: string[] };

/** Records uses at their own moments, as the playground does: held before, posted after. What the plan refuses is not used. */
export async function recordUses(ctx: Context, users: Users, uses: Use[]): Promise<void> {
  const waiting = [...uses];
  const work = async () => {
    for (let use = waiting.shift(); use; use = waiting.shift()) await recordUse(ctx, users, use);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function recordUse(ctx: Context, { customerId, userIds }: Users, use: Use): Promise<void> {
  const { key, at, person, meter, quantity, inputTokens, outputTokens } = use;
  const userId = userIds[person] ?? null;
  const then: Context = { ...ctx, now: at };
  try {
    const reservation = await reserveUsage(then, { customerId, userId, meter, quantity, key });
    if (reservation.state !== "held" && reservation.state !== "expired") return;
    await commitReservation(then, {
      customerId,
      reservationId: reservation.id,
      quantity,
      details: { source: "provider", reason: "finish", model: "local-1", inputTokens, outputTokens },
    });
  } catch (error) {
    if (error instanceof AppError && error.code === "limit_reached") return;
    throw error;
  }
}
