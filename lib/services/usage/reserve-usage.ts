import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { isUniqueViolation } from "@/lib/db/is-unique-violation";
import { countedWindows } from "@/lib/domain/counted-window";
import type { WindowUse } from "@/lib/domain/limit-reached";
import { newId } from "@/lib/new-id";
import { type CustomerEntitlements, getEntitlements } from "@/lib/services/entitlements/get-entitlements";
import { limitReachedError } from "./limit-reached-error";

export type ReserveUsageInput = {
  customerId: string;
  userId: string | null;
  meter: string;
  /** Units, a positive integer. */
  quantity: number;
  /** The caller's idempotency key: the same one again is the same reservation. */
  key: string;
};

export type Reservation = {
  id: string;
  state: "held" | "committed" | "released" | "expired";
  /** Made by an earlier call with this key, maybe in windows that have closed since. */
  isReplay: boolean;
  /** The windows it counts in, after this hold. */
  windows: WindowUse[];
  entitlements: CustomerEntitlements;
};

/** How long a hold stands without being settled. A settlement that comes later is posted all the same. */
const HOLD_MINUTES = 15;

/**
 * Holds units of a meter before they are used: the decision whether the customer may. It is made by the
 * database under row locks, in all windows at once, so however many ask together, exactly the allowance
 * passes; and it is durable when this returns. (S0-52, S1-97, K-28, D-06)
 * @throws AppError `limit_reached` with the stable body of limit-reached-error.ts; `invalid_request` for a
 *   meter that is not counted this way; `idempotency_mismatch` when the key was used for something else.
 */
export async function reserveUsage(ctx: Context, input: ReserveUsageInput): Promise<Reservation> {
  const entitlements = await getEntitlements(ctx, input);
  assertCounter(entitlements, input.meter);
  const windows = countedWindows(input.meter, entitlements.allowances, entitlements.anchor, ctx.now);
  // A key raced from both sides of midnight meets its own reservation only when that is written: ask again.
  const decision = await decide(ctx, input, windows).catch((error: unknown) => {
    if (isUniqueViolation(error)) return decide(ctx, input, windows);
    throw error;
  });

  if (decision.outcome === "mismatch") {
    throw new AppError(
      "idempotency_mismatch",
      "This idempotency key was used before for another meter or quantity.",
      {
        fields: [{ field: "idempotency_key", message: "was used before for another request" }],
      },
    );
  }
  const counted = windows.map((window) => {
    const counter = decision.counters.find((entry) => entry.window === window.window);
    return { ...window, used: counter?.used ?? 0, held: counter?.held ?? 0 };
  });
  if (decision.outcome === "denied" || !decision.reservation_id || !decision.reservation_state) {
    throw await limitReachedError(ctx, { ...input, entitlements, windows: counted });
  }
  return {
    id: decision.reservation_id,
    state: decision.reservation_state,
    isReplay: decision.outcome === "replayed",
    windows: counted,
    entitlements,
  };
}

type Decision = {
  outcome: "held" | "replayed" | "mismatch" | "denied";
  reservation_id: string | null;
  reservation_state: Reservation["state"] | null;
  counters: { window: string; used: number; held: number }[];
};

async function decide(
  ctx: Context,
  input: ReserveUsageInput,
  windows: ReturnType<typeof countedWindows>,
): Promise<Decision> {
  const expiresAt = new Date(ctx.now.getTime() + HOLD_MINUTES * 60_000);
  const [decision] = await ctx.db.$queryRaw<Decision[]>`
    select * from reserve_usage(
      ${input.customerId}::uuid, ${newId()}::uuid, ${input.key}, ${input.userId}::uuid,
      ${input.meter}, ${input.quantity}::bigint,
      ${windows.map((window) => window.window)}::text[]::allowance_window[],
      ${windows.map((window) => window.start)}::timestamptz[],
      ${windows.map((window) => window.end)}::timestamptz[],
      ${windows.map((window) => window.limit)}::bigint[],
      ${ctx.now}::timestamptz, ${expiresAt}::timestamptz)`;
  if (!decision) throw new Error("reserve_usage returned no row");
  return decision;
}

function assertCounter(entitlements: CustomerEntitlements, key: string): void {
  const meter = entitlements.catalogue.meters.find((entry) => entry.key === key);
  if (meter?.kind === "counter") return;
  const counters = entitlements.catalogue.meters
    .filter((entry) => entry.kind === "counter")
    .map((entry) => entry.key);
  const message = meter
    ? `"${key}" is a level, not a count: it is set, not used up`
    : `there is no meter "${key}"; there are: ${counters.join(", ")}`;
  throw new AppError("invalid_request", "The request names a meter that cannot be used up.", {
    fields: [{ field: "meter", message }],
  });
}
