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

export const PlanAnswer = z
  .strictObject({
    slug: z.string(),
    version: z.int().positive(),
    name: z.string(),
    tagline: z.string(),
    availability: z.enum(["public", "invite", "hidden"]),
    trial_days: z.int().positive().nullable(),
    prices: z.array(PriceAnswer),
    allowances: z.array(
      z.strictObject({
        meter: z.string(),
        window: z.enum(["day", "month", "period", "lifetime"]),
        amount: Count.nullable(),
        beyond: z.array(z.enum(["credits", "overage", "block"])),
      }),
    ),
    features: z.record(z.string(), z.union([z.boolean(), z.number(), z.string()])),
  })
  .meta({ id: "Plan" });

export const PlanListAnswer = z.strictObject({
  object: z.literal("list"),
  currency: z.string().length(3),
  data: z.array(PlanAnswer),
});

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
    window: z.enum(["day", "month", "period", "lifetime"]),
    limit: Count.nullable(),
    used: Count,
    held: Count,
    remaining: Count.nullable(),
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

export const UsageRecordAnswer = z
  .strictObject({
    object: z.literal("usage_record"),
    id: z.uuid(),
    meter: z.string(),
    quantity: z.int().positive(),
    windows: z.array(WindowAnswer),
    subscription: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "UsageRecord" });

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
