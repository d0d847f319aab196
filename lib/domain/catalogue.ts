import { z } from "zod";

/**
 * The catalogue: everything that is sold, as data. A file under `catalogues/` is parsed by this schema
 * before anything is written, and no plan, price or limit stands anywhere else in the code.
 */
const Slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens");
const Key = z.string().regex(/^[a-z][a-z0-9_]*$/, "must be lower-case words joined by underscores");
const Currency = z.string().regex(/^[a-z]{3}$/, "must be a three-letter currency code in lower case");
const AmountMinor = z
  .int()
  .min(0, "must not be negative")
  .max(99_999_999, "must not exceed Stripe's largest amount");
/** `ours` marks a number that no source document gives. */
const Source = z.literal("ours").optional();

const MeterSchema = z.strictObject({
  key: Key,
  name: z.string().min(1),
  /** What one unit is called in the plural: "requests", "projects". */
  unit: z.string().min(1),
  kind: z.enum(["counter", "gauge"]),
});

const FeatureSchema = z.strictObject({ key: Key, name: z.string().min(1) });

const PriceSchema = z.strictObject({
  interval: z.enum(["month", "year"]),
  intervalCount: z.int().min(1).max(12),
  amountMinor: AmountMinor,
  currency: Currency.optional(),
  source: Source,
});

const AllowanceSchema = z.strictObject({
  meter: Key,
  window: z.enum(["day", "month", "period", "lifetime"]),
  /** Null = unlimited. */
  amount: z.int().min(0).nullable(),
  /** What happens beyond it, tried in order. */
  beyond: z.array(z.enum(["credits", "overage", "block"])).min(1),
  source: Source,
});

const PlanSchema = z.strictObject({
  slug: Slug,
  name: z.string().min(1),
  tagline: z.string().min(1),
  availability: z.enum(["public", "invite", "hidden"]),
  trial: z.strictObject({ days: z.int().min(1).max(730), requiresCard: z.boolean() }).optional(),
  /** Empty = free of charge. */
  prices: z.array(PriceSchema),
  allowances: z.array(AllowanceSchema),
  features: z.record(Key, z.union([z.boolean(), z.int(), z.string()])),
});

const CreditPackSchema = z.strictObject({
  slug: Slug,
  name: z.string().min(1),
  credits: z.int().min(1),
  amountMinor: AmountMinor.min(1, "must be more than nothing"),
});

const PolicySchema = z.strictObject({
  /** Days of paid access after a renewal payment first fails. */
  graceDays: z.int().min(0).max(60),
  /** What a customer without a live subscription has: the free plan's allowances, or nothing. */
  afterEnd: z.enum(["limited", "none"]),
  /** The text of the answer at a limit, and its HTTP status. */
  limitReached: z.strictObject({
    text: z.string().min(1),
    status: z.union([z.literal(402), z.literal(403), z.literal(429)]),
  }),
  tax: z.enum(["none", "automatic"]),
  taxBehavior: z.enum(["exclusive", "inclusive", "unspecified"]),
});

const WordsSchema = z.strictObject({
  /** What a credit is called on screen. */
  credit: z.strictObject({ one: z.string().min(1), many: z.string().min(1) }),
});

export const CatalogueSchema = z
  .strictObject({
    key: Slug,
    name: z.string().min(1),
    currency: Currency,
    meters: z.array(MeterSchema),
    features: z.array(FeatureSchema),
    /** From the lowest plan to the highest; the first is the free one. */
    plans: z.array(PlanSchema).min(1),
    creditPacks: z.array(CreditPackSchema),
    policy: PolicySchema,
    words: WordsSchema,
  })
  .superRefine((catalogue, ctx) => {
    const refuse = (path: (string | number)[], message: string) =>
      ctx.addIssue({ code: "custom", path, message });
    refuseDuplicates(
      catalogue.plans.map((plan) => plan.slug),
      "plans",
      refuse,
    );
    refuseDuplicates(
      catalogue.creditPacks.map((pack) => pack.slug),
      "creditPacks",
      refuse,
    );
    refuseDuplicates(
      catalogue.meters.map((meter) => meter.key),
      "meters",
      refuse,
    );
    refuseDuplicates(
      catalogue.features.map((feature) => feature.key),
      "features",
      refuse,
    );
    const meters = new Set(catalogue.meters.map((meter) => meter.key));
    const features = new Set(catalogue.features.map((feature) => feature.key));
    catalogue.plans.forEach((plan, index) => {
      const isFree = plan.prices.length === 0 && plan.availability === "public";
      if (index === 0 && !isFree) refuse(["plans", 0], "the first plan must be public and free of charge");
      if (plan.trial && plan.prices.length === 0)
        refuse(["plans", index, "trial"], "a plan without a price cannot have a trial");
      plan.allowances.forEach((allowance, position) => {
        if (!meters.has(allowance.meter)) {
          refuse(["plans", index, "allowances", position, "meter"], `there is no meter "${allowance.meter}"`);
        }
      });
      for (const key of Object.keys(plan.features)) {
        if (!features.has(key)) refuse(["plans", index, "features", key], `there is no feature "${key}"`);
      }
    });
  });

export type Catalogue = z.infer<typeof CatalogueSchema>;
export type CataloguePlan = Catalogue["plans"][number];
export type CataloguePolicy = Catalogue["policy"];
export type CatalogueWords = Catalogue["words"];
export type FeatureValue = boolean | number | string;
export type AllowanceWindow = CataloguePlan["allowances"][number]["window"];
export type BeyondAllowance = CataloguePlan["allowances"][number]["beyond"][number];
export type PriceInterval = "month" | "year";

/** An allowance as a plan version grants it. Units of its meter; null = unlimited. */
export type Allowance = {
  meter: string;
  window: AllowanceWindow;
  amount: number | null;
  beyond: BeyondAllowance[];
};

/** A price as it is sold. */
export type PlanPrice = {
  id: string;
  interval: PriceInterval;
  intervalCount: number;
  currency: string;
  amountMinor: number;
};

/** One published version of a plan, with everything it promises. */
export type PlanTerms = {
  planVersionId: string;
  slug: string;
  version: number;
  name: string;
  tagline: string;
  rank: number;
  availability: "public" | "invite" | "hidden";
  trial: { days: number; requiresCard: boolean } | null;
  prices: PlanPrice[];
  allowances: Allowance[];
  features: Record<string, FeatureValue>;
};

/**
 * Parses a catalogue.
 * @throws Error listing every defect, each with the path to it.
 */
export function parseCatalogue(input: unknown): Catalogue {
  const parsed = CatalogueSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(
    (issue) => `  ${issue.path.join(".") || "(catalogue)"}: ${issue.message}`,
  );
  throw new Error(`The catalogue is not valid:\n${lines.join("\n")}`);
}

function refuseDuplicates(
  names: string[],
  path: string,
  refuse: (path: (string | number)[], message: string) => void,
): void {
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index) refuse([path, index], `"${name}" is used twice`);
  });
}
