import type { AppError } from "@/lib/app-error";
import type { UsePayment } from "@/lib/db/decide-uses";
import { subscriptionContext } from "@/lib/domain/subscription-context";
import type { CreditLotState, Credits } from "@/lib/services/credits/get-credits";
import type { CreditEntrySummary } from "@/lib/services/credits/list-credit-entries";
import type { ChangedLevel } from "@/lib/services/usage/change-level";
import type { LimitCheck } from "@/lib/services/usage/check-limits";
import type { UsageCheck } from "@/lib/services/usage/check-usage";
import { suggestionJson } from "@/lib/services/usage/find-suggestion";
import type { Level } from "@/lib/services/usage/list-levels";
import type { UsageEventSummary } from "@/lib/services/usage/list-usage-events";
import type { RecordedRow, RecordedRows } from "@/lib/services/usage/record-usage-rows";
import type { Reservation } from "@/lib/services/usage/reserve-usage";
import type { SettledUse } from "@/lib/services/usage/settle-reservation";
import { windowJson } from "./billing-json";

/** What metering and credits answer, as billing-json.ts: snake_case, ISO 8601 UTC. */

export function usageRecordJson(asked: { meter: string; quantity: number }, recorded: Reservation) {
  return {
    object: "usage_record",
    id: recorded.id,
    ...asked,
    ...decidedJson(recorded),
  };
}

export function reservationJson({ meter }: { meter: string }, reservation: Reservation) {
  return {
    object: "reservation",
    id: reservation.id,
    state: reservation.state,
    meter,
    quantity: reservation.quantity,
    expires_at: reservation.expiresAt.toISOString(),
    ...decidedJson(reservation),
  };
}

function decidedJson({ paidBy, windows, balance, entitlements }: Reservation) {
  return {
    paid_by: paidByJson(paidBy),
    windows: windows.map(windowJson),
    balance: balanceJson(balance),
    subscription: subscriptionContext(entitlements.plan.slug, windows),
  };
}

export function committedJson(id: string, { quantity, paidBy }: SettledUse) {
  return { object: "reservation", id, state: "committed", quantity, paid_by: paidByJson(paidBy) };
}

/** @param keys what the rows were called by whoever sent them, in their order. */
export function usageBatchJson({ rows, meters, balance }: RecordedRows, keys: (string | null)[]) {
  return {
    object: "usage_batch",
    records: rows.map((row, index) => batchRowJson(row, keys[index] ?? null)),
    meters: meters.map(({ meter, windows }) => ({ meter, windows: windows.map(windowJson) })),
    balance: balanceJson(balance),
  };
}

function batchRowJson(row: RecordedRow, key: string | null) {
  const { meter, quantity } = row.use;
  const asked = { meter, quantity, idempotency_key: key, status: row.status };
  switch (row.status) {
    case "recorded":
    case "replayed":
      return { ...asked, id: row.id, paid_by: paidByJson(row.paidBy), error: null };
    case "refused":
      return { ...asked, id: null, paid_by: null, error: limitJson(row.refusal) };
    case "mismatch":
      return {
        ...asked,
        id: null,
        paid_by: null,
        error: {
          code: "idempotency_mismatch",
          title: "This idempotency key was used before for another meter or quantity.",
        },
      };
    case "not_all":
      return {
        ...asked,
        id: null,
        paid_by: null,
        error: { code: "not_all", title: "Another record was refused, and all or none were asked for." },
      };
  }
}

function limitJson({ code, publicMessage, options }: AppError) {
  return { code, title: publicMessage, ...options.extra };
}

export function usageCheckJson(asked: { meter: string; quantity: number }, check: UsageCheck) {
  const extra = check.allowed ? {} : check.refusal.options.extra;
  return {
    object: "usage_check",
    ...asked,
    allowed: check.allowed,
    reason: check.allowed ? null : check.reason,
    title: check.allowed ? null : check.refusal.publicMessage,
    paid_by: check.allowed ? paidByJson(check.paidBy) : null,
    reset_at: extra?.reset_at ?? null,
    suggestion: extra?.suggestion ?? null,
    windows: check.windows.map(windowJson),
    balance: balanceJson(check.balance),
  };
}

export function limitCheckJson({ asOf, plan, warnings, suggestion }: LimitCheck) {
  return {
    object: "limit_check",
    as_of: asOf.toISOString(),
    plan,
    warnings: warnings.map(({ meter, percent, text, window: { window, limit, used, held, end } }) => ({
      meter,
      window,
      percent,
      title: text,
      limit,
      used: used + held,
      used_percent: Math.floor(((used + held) * 100) / limit),
      reset_at: window === "lifetime" ? null : end.toISOString(),
    })),
    suggestion: suggestionJson(suggestion),
  };
}

export function levelJson({ meter, level, held, limit }: Level) {
  return {
    object: "usage_level",
    meter: meter.key,
    unit: meter.unit,
    level,
    held,
    limit,
    remaining: limit === null ? null : Math.max(0, limit - level - held),
  };
}

export function changedLevelJson(changed: ChangedLevel) {
  return { ...levelJson(changed), change: changed.change };
}

export function usageEventJson(event: UsageEventSummary) {
  return {
    object: "usage_event",
    id: event.id,
    occurred_at: event.occurredAt.toISOString(),
    reservation_id: event.reservationId,
    user_id: event.userId,
    meter: event.meter,
    quantity: event.quantity,
    paid_by: paidByJson(event.paidBy),
    credit_sequence: event.creditSequence,
    held: event.held,
    released: event.released,
    windows: event.windows.map(({ window, start }) => ({ window, starts_at: start.toISOString() })),
    source: event.source,
    model: event.model,
    request_id: event.requestId,
    price_version: event.priceVersion,
    details: event.details,
  };
}

export function creditsJson({ balance, held, available, debt, lots }: Credits, now: Date) {
  return {
    object: "credits",
    as_of: now.toISOString(),
    balance,
    held,
    available,
    debt,
    expiring: lots.filter(({ expiresAt }) => expiresAt !== null).map(lotJson),
    lots: lots.map(lotJson),
  };
}

export function creditEntryJson(entry: CreditEntrySummary) {
  return {
    object: "credit_entry",
    sequence: entry.sequence,
    occurred_at: entry.occurredAt.toISOString(),
    kind: entry.kind,
    amount: entry.amount,
    balance_after: entry.balanceAfter,
    reservation_id: entry.reservationId,
    reason: entry.reason,
    lots: entry.lots,
  };
}

function lotJson(lot: CreditLotState) {
  return {
    id: lot.id,
    source: lot.source,
    granted: lot.granted,
    remaining: lot.remaining,
    granted_at: lot.grantedAt.toISOString(),
    expires_at: lot.expiresAt?.toISOString() ?? null,
    reference: lot.reference,
  };
}

function paidByJson({ allowance, creditUnits, credits, overage, uncovered }: UsePayment) {
  return { allowance, credit_units: creditUnits, credits, overage, uncovered };
}

function balanceJson({ credits, held }: { credits: number; held: number }) {
  return { credits, held, available: Math.max(0, credits - held) };
}
