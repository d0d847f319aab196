import { z } from "zod";
import { WindowAnswer } from "./billing-schemas";

/** The shapes of what metering and credits answer, as /api/v1/openapi.json describes them. */

const Time = z.iso.datetime();
const Count = z.int().nonnegative();
const Windows = z.array(WindowAnswer);

const PaidByAnswer = z
  .strictObject({
    allowance: Count.meta({ description: "Units that the plan includes." }),
    credit_units: Count.meta({ description: "Units paid by credits." }),
    credits: Count.meta({ description: "The credits that those cost." }),
    overage: Count.meta({ description: "Units put on the next invoice." }),
    uncovered: Count.meta({ description: "Units used beyond what was held, that nobody could pay." }),
  })
  .meta({ id: "PaidBy" });

/** A level that is lowered is lowered for those who paid; the money stays where it is. */
const SignedPaidByAnswer = z
  .strictObject({
    allowance: z.int(),
    credit_units: z.int(),
    credits: Count,
    overage: z.int(),
    uncovered: z.int(),
  })
  .meta({ id: "EventPaidBy" });

const BalanceAnswer = z
  .strictObject({
    credits: z.int(),
    held: Count.meta({ description: "What open reservations keep of them." }),
    available: Count,
  })
  .meta({ id: "CreditBalance" });

const SuggestionAnswer = z
  .looseObject({ kind: z.string(), plan: z.string().optional(), name: z.string() })
  .nullable()
  .meta({ id: "Suggestion", description: "The way on that costs least; null = there is none." });

const LimitMembers = {
  meter: z.string(),
  window: z.string(),
  limit: Count,
  used: Count,
  reset_at: Time.nullable(),
  suggestion: SuggestionAnswer,
};

const SubscriptionContextAnswer = z
  .strictObject({
    plan: z.string(),
    usage_today: Count,
    limit_today: Count.nullable(),
    usage_this_month: Count,
    limit_this_month: Count.nullable(),
  })
  .meta({ id: "SubscriptionContext" });

export const UsageRecordAnswer = z
  .strictObject({
    object: z.literal("usage_record"),
    id: z.uuid(),
    meter: z.string(),
    quantity: z.int().positive(),
    paid_by: PaidByAnswer,
    windows: Windows,
    balance: BalanceAnswer,
    subscription: SubscriptionContextAnswer,
  })
  .meta({ id: "UsageRecord" });

const BatchRowAnswer = z
  .strictObject({
    meter: z.string(),
    quantity: z.int().positive(),
    idempotency_key: z.string().nullable(),
    status: z.enum(["recorded", "replayed", "refused", "mismatch", "not_all"]),
    id: z.uuid().nullable(),
    paid_by: PaidByAnswer.nullable(),
    error: z
      .union([
        z.strictObject({ code: z.literal("limit_reached"), title: z.string(), ...LimitMembers }),
        z.strictObject({ code: z.enum(["idempotency_mismatch", "not_all"]), title: z.string() }),
      ])
      .nullable(),
  })
  .meta({ id: "UsageBatchRow" });

export const UsageBatchAnswer = z
  .strictObject({
    object: z.literal("usage_batch"),
    records: z.array(BatchRowAnswer).meta({ description: "In the order they were sent." }),
    meters: z.array(z.strictObject({ meter: z.string(), windows: Windows })),
    balance: BalanceAnswer,
  })
  .meta({ id: "UsageBatch" });

export const UsageCheckAnswer = z
  .strictObject({
    object: z.literal("usage_check"),
    meter: z.string(),
    quantity: z.int().positive(),
    allowed: z.boolean(),
    reason: z
      .enum(["limit_reached", "meter_not_in_plan", "member_cap_reached", "no_access"])
      .nullable()
      .meta({ description: "Why not; null = it is allowed." }),
    title: z.string().nullable().meta({ description: "Why not, for a person to read." }),
    paid_by: PaidByAnswer.nullable().meta({ description: "Who would pay." }),
    reset_at: Time.nullable().meta({ description: "When the window that is full begins anew." }),
    suggestion: SuggestionAnswer,
    windows: Windows,
    balance: BalanceAnswer,
  })
  .meta({ id: "UsageCheck" });

export const ReservationAnswer = z
  .strictObject({
    object: z.literal("reservation"),
    id: z.uuid(),
    state: z.enum(["held", "committed", "released", "expired"]),
    meter: z.string(),
    quantity: Count.meta({ description: "Units held; once it is settled, units really used." }),
    expires_at: Time.meta({ description: "Until when it is held, if nobody settles it before." }),
    paid_by: PaidByAnswer,
    windows: Windows,
    balance: BalanceAnswer,
    subscription: SubscriptionContextAnswer,
  })
  .meta({ id: "Reservation" });

export const CommittedReservationAnswer = z
  .strictObject({
    object: z.literal("reservation"),
    id: z.uuid(),
    state: z.literal("committed"),
    quantity: Count.meta({ description: "Units really used." }),
    paid_by: PaidByAnswer,
  })
  .meta({ id: "CommittedReservation" });

export const ReleasedReservationAnswer = z
  .strictObject({ object: z.literal("reservation"), id: z.uuid(), state: z.enum(["released", "expired"]) })
  .meta({ id: "ReleasedReservation" });

export const LimitCheckAnswer = z
  .strictObject({
    object: z.literal("limit_check"),
    as_of: Time,
    plan: z.string(),
    warnings: z
      .array(
        z.strictObject({
          meter: z.string(),
          window: z.string(),
          percent: z.int().positive().meta({ description: "The highest share to warn at that is reached." }),
          title: z.string(),
          limit: z.int().positive(),
          used: Count.meta({ description: "With what open reservations hold." }),
          used_percent: Count,
          reset_at: Time.nullable(),
        }),
      )
      .meta({ description: "The limits that are near or reached, the fullest first." }),
    suggestion: SuggestionAnswer,
  })
  .meta({ id: "LimitCheck" });

const LevelMembers = {
  object: z.literal("usage_level"),
  meter: z.string(),
  unit: z.string(),
  level: Count,
  held: Count.meta({ description: "Further units that open reservations keep." }),
  limit: Count.nullable().meta({ description: "null = unlimited" }),
  remaining: Count.nullable(),
};

export const LevelAnswer = z.strictObject(LevelMembers).meta({ id: "UsageLevel" });
export const LevelListAnswer = z
  .strictObject({ object: z.literal("list"), data: z.array(LevelAnswer) })
  .meta({ id: "UsageLevelList" });
export const ChangedLevelAnswer = z
  .strictObject({
    ...LevelMembers,
    change: z
      .strictObject({ id: z.uuid(), from: Count, to: Count })
      .meta({ description: "What this call, or the first with its key, made of it." }),
  })
  .meta({ id: "ChangedUsageLevel" });

export const UsageEventAnswer = z
  .strictObject({
    object: z.literal("usage_event"),
    id: z.uuid(),
    occurred_at: Time,
    reservation_id: z.uuid(),
    user_id: z.uuid().nullable(),
    meter: z.string(),
    quantity: z.int().meta({ description: "Below zero where it lowered a level; `paid_by` is so too." }),
    paid_by: SignedPaidByAnswer,
    credit_sequence: Count.nullable().meta({ description: "The entry in the credits' history that paid." }),
    held: Count.meta({ description: "Units held before it." }),
    released: Count.meta({ description: "Units of those that were given back." }),
    windows: z.array(z.strictObject({ window: z.string(), starts_at: Time })),
    source: z.enum(["provider", "counted", "estimated"]),
    model: z.string().nullable(),
    request_id: z.string().nullable(),
    price_version: z.int().nullable(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "UsageEvent" });

const CreditLotAnswer = z
  .strictObject({
    id: z.uuid(),
    source: z.enum(["promo", "gift", "referral", "plan", "purchased"]),
    granted: Count,
    remaining: Count,
    granted_at: Time,
    expires_at: Time.nullable().meta({ description: "null = never" }),
    reference: z.string().nullable(),
  })
  .meta({ id: "CreditLot" });

export const CreditsAnswer = z
  .strictObject({
    object: z.literal("credits"),
    as_of: Time,
    balance: z.int().meta({ description: "What is there less what is owed." }),
    held: Count,
    available: Count,
    debt: Count,
    expiring: z
      .array(CreditLotAnswer)
      .meta({ description: "Of the lots those that end, the one that ends first first." }),
    lots: z.array(CreditLotAnswer),
  })
  .meta({ id: "Credits" });

export const CreditEntryAnswer = z
  .strictObject({
    object: z.literal("credit_entry"),
    sequence: z.int().positive(),
    occurred_at: Time,
    kind: z.enum(["grant", "spend", "refund", "clawback", "expiry", "adjustment", "debt"]),
    amount: z.int().meta({ description: "Signed." }),
    balance_after: z.int(),
    reservation_id: z.uuid().nullable(),
    reason: z.string().nullable(),
    lots: z
      .array(z.strictObject({ id: z.uuid(), amount: z.int() }))
      .meta({ description: "What it filled or drew; the rest of `amount` made or paid a debt." }),
  })
  .meta({ id: "CreditEntry" });
