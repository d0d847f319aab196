import { z } from "zod";

/** The shapes of the API's answers, as /api/v1/openapi.json describes them: snake_case, minor units, ISO 8601 UTC. */

const Time = z.iso.datetime();
const Count = z.int().nonnegative();

export const PriceAnswer = z
  .strictObject({
    id: z.uuid(),
    interval: z.enum(["month", "year"]),
    interval_count: z.int().positive(),
    currency: z.string().length(3),
    amount_minor: Count,
    month_equivalent_minor: Count,
  })
  .meta({ id: "Price" });

const Window = z.enum(["day", "month", "period", "lifetime"]);

const AllowanceAnswer = z
  .strictObject({
    meter: z.string(),
    window: Window,
    amount: Count.nullable().meta({ description: "null = unlimited" }),
    beyond: z
      .array(z.enum(["credits", "overage", "block"]))
      .meta({ description: "In the order it is tried." }),
  })
  .meta({ id: "Allowance" });

const OverageAnswer = z
  .strictObject({
    meter: z.string(),
    tiers: z
      .array(z.strictObject({ up_to: Count.nullable(), unit_amount_minor: Count }))
      .meta({ description: "The tier that holds a period's last unit prices all of them." }),
  })
  .meta({ id: "Overage" });

const FeatureValues = z.record(z.string(), z.union([z.boolean(), z.number(), z.string()]));
const Seats = z.int().positive().nullable().meta({ description: "null = any number" });

const PlanMembers = {
  slug: z.string(),
  version: z.int().positive(),
  name: z.string(),
  tagline: z.string(),
  availability: z.enum(["public", "invite", "hidden"]),
  is_popular: z.boolean(),
  billing_models: z.array(z.enum(["fixed_fee", "credit_burndown"])),
  seats: Seats,
  trial: z.strictObject({ days: z.int().positive(), requires_card: z.boolean() }).nullable(),
  prices: z.array(PriceAnswer).meta({ description: "Empty = free of charge." }),
  allowances: z.array(AllowanceAnswer),
  overage: z.array(OverageAnswer),
  features: FeatureValues,
};

export const PlanAnswer = z.strictObject(PlanMembers).meta({ id: "Plan" });

const Revision = z.int().positive().meta({ description: "Grows whenever something on sale has changed." });
const Words = z.strictObject({ one: z.string(), many: z.string() });

export const PlanListAnswer = z
  .strictObject({
    object: z.literal("list"),
    catalogue: z.string(),
    revision: Revision,
    name: z.string(),
    currency: z.string().length(3),
    customer_type: z.enum(["personal", "group"]),
    data: z
      .array(PlanAnswer)
      .meta({ description: "From the lowest to the highest; the first is the free one." }),
    meters: z.array(
      z.strictObject({
        key: z.string(),
        name: z.string(),
        unit: z.string(),
        kind: z.enum(["counter", "gauge"]),
        measured_by: z.enum(["call", "llm_tokens", "voice"]),
        credits_per_unit: z.int().positive().nullable(),
      }),
    ),
    features: z.array(z.strictObject({ key: z.string(), name: z.string() })),
    credit_packs: z.array(
      z.strictObject({
        slug: z.string(),
        name: z.string(),
        credits: z.int().positive(),
        currency: z.string().length(3),
        amount_minor: Count,
      }),
    ),
    words: z.strictObject({ credit: Words, credit_pack: Words }),
  })
  .meta({ id: "PlanList" });

export const SavedPlanAnswer = z
  .strictObject({ object: z.literal("plan"), revision: Revision, ...PlanMembers })
  .meta({ id: "SavedPlan" });

export const EntitlementsAnswer = z
  .strictObject({
    object: z.literal("entitlements"),
    as_of: Time,
    access: z.enum(["full", "grace", "limited", "none"]),
    plan: z.strictObject({ slug: z.string(), name: z.string(), version: z.int().positive() }),
    features: FeatureValues.meta({ description: "Each feature of the catalogue; false where it is off." }),
    allowances: z.array(AllowanceAnswer),
    overage: z.array(OverageAnswer),
    seats: Seats,
    limits: z
      .array(
        z.strictObject({
          meter: z.string(),
          unit: z.string(),
          windows: z.array(
            z.strictObject({
              window: Window,
              limit: Count.nullable(),
              starts_at: Time,
              resets_at: Time.nullable(),
            }),
          ),
        }),
      )
      .meta({ description: "The windows that a use would be counted in now." }),
    texts: z.strictObject({
      limit_reached: z.string(),
      warnings: z.array(z.strictObject({ percent: z.int().positive(), text: z.string() })),
    }),
  })
  .meta({ id: "Entitlements" });

const SubscriptionState = {
  object: z.literal("subscription_state"),
  access: z.enum(["full", "grace", "limited", "none"]),
  plan: z.strictObject({ slug: z.string(), name: z.string(), version: z.int().positive() }),
  subscription: z
    .strictObject({
      id: z.string(),
      status: z.string(),
      price: PriceAnswer.nullable(),
      current_period_start: Time,
      current_period_end: Time,
      trial_end: Time.nullable(),
      cancel_at_period_end: z.boolean(),
      ended_at: Time.nullable(),
    })
    .nullable(),
};

export const SubscriptionAnswer = z.strictObject(SubscriptionState).meta({ id: "SubscriptionState" });
export const StartedSubscriptionAnswer = z
  .strictObject({ ...SubscriptionState, checkout_url: z.url() })
  .meta({ id: "StartedSubscription" });

export const CheckoutAnswer = z
  .strictObject({ object: z.literal("checkout"), id: z.uuid(), url: z.url() })
  .meta({ id: "Checkout" });

export const WindowAnswer = z
  .strictObject({
    window: Window,
    limit: Count.nullable(),
    used: Count,
    held: Count,
    remaining: Count.nullable(),
    beyond: Count.meta({ description: "Further units, which credits or overage paid." }),
    user_id: z.uuid().nullable().meta({ description: "Of a member's own window the member; else null." }),
    starts_at: Time,
    resets_at: Time.nullable(),
  })
  .meta({ id: "UsageWindow" });

export const UsageAnswer = z
  .strictObject({
    object: z.literal("usage"),
    as_of: Time,
    plan: z.string(),
    meters: z.array(z.strictObject({ meter: z.string(), unit: z.string(), windows: z.array(WindowAnswer) })),
  })
  .meta({ id: "Usage" });

export const InvoiceAnswer = z
  .strictObject({
    id: z.string(),
    number: z.string().nullable(),
    status: z.string(),
    currency: z.string().length(3),
    total_minor: z.int(),
    created_at: Time,
    hosted_invoice_url: z.url().nullable(),
  })
  .meta({ id: "Invoice" });

export const CustomerAnswer = z
  .strictObject({
    object: z.literal("customer"),
    id: z.uuid(),
    external_id: z.string().nullable(),
    type: z.enum(["personal", "group"]),
    name: z.string(),
    email: z.email(),
    metadata: z.record(z.string(), z.string()),
    created_at: Time,
  })
  .meta({ id: "Customer" });
