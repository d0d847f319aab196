import { z } from "zod";
import { isKnownCurrency } from "./currency";

/**
 * The form of a catalogue, member by member; what its members have to do with each other is in check-catalogue.ts. Both
 * run in `parseCatalogue`, before anything is written.
 */
const Slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens");
const Key = z.string().regex(/^[a-z][a-z0-9_]*$/, "must be lower-case words joined by underscores");
const Text = z.string().trim().min(1, "must say something");
const Currency = z
  .string()
  .regex(/^[a-z]{3}$/, "must be a three-letter currency code in lower case")
  .refine(isKnownCurrency, "is not a currency");
const AmountMinor = z
  .int("must be a whole number of the currency's minor unit")
  .min(0, "must not be negative")
  .max(99_999_999, "must not exceed Stripe's largest amount");
const TaxBehavior = z.enum(["exclusive", "inclusive", "unspecified"]);
/** `ours` marks a number that no source document gives. */
const Source = z.literal("ours").optional();

const MeterSchema = z.strictObject({
  key: Key,
  name: Text,
  /** What one unit is called in the plural: "requests", "projects". */
  unit: Text,
  /** A counter is used up in a window, a gauge is a level that rises and falls. */
  kind: z.enum(["counter", "gauge"]),
  /** What a use is counted by: each call as one, which is meant unless it says otherwise, or what the provider reports. */
  measuredBy: z.enum(["call", "llm_tokens", "voice"]).optional(),
  /** Credits one unit costs beyond the allowance. */
  creditsPerUnit: z.int().min(1, "must be at least one credit").optional(),
});

const FeatureSchema = z.strictObject({ key: Key, name: Text });

const PriceSchema = z.strictObject({
  interval: z.enum(["month", "year"], "must be month or year"),
  intervalCount: z.int().min(1).max(12),
  amountMinor: AmountMinor,
  /** The catalogue's own unless it says otherwise. */
  currency: Currency.optional(),
  taxBehavior: TaxBehavior.optional(),
  source: Source,
});

const AllowanceSchema = z.strictObject({
  meter: Key,
  window: z.enum(["day", "month", "period", "lifetime"], "must be day, month, period or lifetime"),
  /** Null = unlimited. */
  amount: z.int().min(0, "must not be negative").nullable(),
  /** What happens beyond it, tried in order. */
  beyond: z.array(z.enum(["credits", "overage", "block"])).min(1),
  source: Source,
});

/** What units beyond an allowance cost. All units of a period are priced by the tier the last of them falls into. */
const OverageSchema = z.strictObject({
  meter: Key,
  tiers: z
    .array(
      z.strictObject({
        /** Up to and with this unit beyond the allowance; null = all that follow. */
        upTo: z.int().min(1).nullable(),
        unitAmountMinor: AmountMinor,
      }),
    )
    .min(1),
  source: Source,
});

const BillingModel = z.enum(["fixed_fee", "credit_burndown"]);

const PlanSchema = z.strictObject({
  slug: Slug,
  name: Text,
  tagline: Text,
  availability: z.enum(["public", "invite", "hidden"]),
  /** The one that is recommended; at most one is. */
  isPopular: z.boolean().optional(),
  trial: z.strictObject({ days: z.int().min(1).max(730), requiresCard: z.boolean() }).optional(),
  /** Empty = free of charge. */
  prices: z.array(PriceSchema),
  /** How the customer may pay for it; by a fee unless it says otherwise. */
  billingModels: z.array(BillingModel).min(1).optional(),
  /** How many people of a team may use it; null = any number. One unless it says otherwise. */
  seats: z.int().min(1).nullable().optional(),
  allowances: z.array(AllowanceSchema),
  overage: z.array(OverageSchema).optional(),
  features: z.record(Key, z.union([z.boolean(), z.int(), z.string()])),
  source: Source,
});

const CreditPackSchema = z.strictObject({
  slug: Slug,
  name: Text,
  credits: z.int().min(1, "must hold at least one credit"),
  amountMinor: AmountMinor.min(1, "must be more than nothing"),
  source: Source,
});

/** Where credits come from; the order of `drawDown` names each once. */
export const CREDIT_SOURCES = ["promo", "gift", "referral", "plan", "purchased"] as const;

const PolicySchema = z.strictObject({
  /** Who gets a trial: each person once whatever they call themselves, or each customer once. */
  trial: z.strictObject({ oncePer: z.enum(["person", "customer"]) }),
  /** Days of paid access after a renewal payment first fails. */
  graceDays: z.int().min(0).max(60),
  /** What a customer without a live subscription has: the free plan's allowances, or nothing. */
  afterEnd: z.enum(["limited", "none"]),
  /** Off = a subscription ends with the period that was paid. */
  autoRenews: z.boolean(),
  /** How a change of plans is settled. Stripe's words. https://docs.stripe.com/billing/subscriptions/prorations */
  proration: z.enum(["create_prorations", "always_invoice", "none"]),
  /** Within how many days of a payment it may be given back; null = never. */
  refund: z.strictObject({
    subscriptionDays: z.int().min(1).max(365).nullable(),
    creditPackDays: z.int().min(1).max(365).nullable(),
  }),
  tax: z.enum(["none", "automatic"]),
  taxBehavior: TaxBehavior,
  /** At which percentages of a limit one is told, and in which words. */
  warnings: z.array(z.strictObject({ percent: z.int().min(1).max(100), text: Text })).max(10),
  /** How many days before the period ends one is reminded. */
  reminderDays: z.array(z.int().min(1).max(60)).max(5),
  /** The text of the answer at a limit, and its HTTP status. */
  limitReached: z.strictObject({
    text: Text,
    status: z.union([z.literal(402), z.literal(403), z.literal(429)]),
  }),
  /** The most that overage may come to in a period unless the customer sets another. */
  overageCapMinor: AmountMinor,
  /** What a provider reports beyond all that the customer can pay: written off unless it says that it is owed. */
  uncovered: z.enum(["write_off", "debt"]).optional(),
  /** Where one pays: on Stripe's page, in Stripe's page within ours, or in Stripe's fields on ours. */
  checkout: z.enum(["hosted", "embedded", "elements"]),
  /** Which credits are used first. */
  drawDown: z.array(z.enum(CREDIT_SOURCES)),
  /** What becomes of credits when a customer changes between paying a fee and paying by credits. */
  creditsOnModelChange: z.enum(["keep", "expire"]),
});

const WordsSchema = z.strictObject({
  /** What a credit is called on screen. */
  credit: z.strictObject({ one: Text, many: Text }),
  /** What a credit pack is called on screen. */
  creditPack: z.strictObject({ one: Text, many: Text }),
});

/** What one can try in the playground, and how it is counted. */
const PlaygroundSchema = z.strictObject({
  /** A conversation with the AI; null = there is none. */
  chat: z
    .strictObject({
      meter: Key,
      feature: Key.optional(),
      /** A meter that must not be used up either: without it there is no chat. */
      stopsWith: Key.optional(),
    })
    .nullable(),
  /** Buttons that record one use. */
  actions: z.array(z.strictObject({ label: Text, meter: Key, quantity: z.int().min(1) })),
});

const CreditRate = z
  .number()
  .min(0, "must not be negative")
  .max(1_000_000_000)
  .refine(hasNineDecimals, "must not have more than nine decimals");

/** What a model's work costs in credits. Rates may be fractions; what a call comes to is rounded up once. */
const ModelSchema = z.strictObject({
  key: Slug,
  name: Text,
  /** Of tokens; what is left out costs as much as input or output does. */
  creditsPerMillion: z.strictObject({
    input: CreditRate,
    output: CreditRate,
    cachedInput: CreditRate.optional(),
    reasoning: CreditRate.optional(),
  }),
  creditsPerImage: CreditRate.optional(),
  creditsPerVoiceSecond: CreditRate.optional(),
  creditsPerVoiceCharacter: CreditRate.optional(),
});

const PriceBookSchema = z.strictObject({
  models: z.array(ModelSchema),
  /** An ordinary question and answer in tokens: what "about 65 interactions" is computed from. */
  typicalCall: z
    .strictObject({ model: Slug, inputTokens: z.int().min(0), outputTokens: z.int().min(0) })
    .nullable(),
});

export const CatalogueSchema = z.strictObject({
  key: Slug,
  name: Text,
  currency: Currency,
  /** Who buys: each person for themselves, or a team for all of its members. */
  customerType: z.enum(["personal", "group"]),
  meters: z.array(MeterSchema),
  features: z.array(FeatureSchema),
  /** From the lowest plan to the highest; the first is the free one. */
  plans: z.array(PlanSchema).min(1, "must have a plan that is free of charge"),
  creditPacks: z.array(CreditPackSchema),
  priceBook: PriceBookSchema,
  playground: PlaygroundSchema,
  policy: PolicySchema,
  words: WordsSchema,
});

/** Rates are computed with as billionths. A number in powers of ten is smaller than these. */
function hasNineDecimals(rate: number): boolean {
  const text = String(rate);
  return !text.includes("e") && (text.split(".")[1] ?? "").length <= 9;
}
