import type { z } from "zod";
import { CatalogueSchema } from "./catalogue-schema";
import { checkCatalogue } from "./check-catalogue";

/**
 * The catalogue: everything that is sold, as data. A file under `catalogues/` is parsed before anything is written, and
 * no plan, price or limit stands anywhere else in the code.
 */
export type Catalogue = z.infer<typeof CatalogueSchema>;
export type CataloguePlan = Catalogue["plans"][number];
export type CataloguePolicy = Catalogue["policy"];
export type PriceBook = Catalogue["priceBook"];
export type PlaygroundOffer = Catalogue["playground"];
export type CatalogueWords = Catalogue["words"];
export type FeatureValue = boolean | number | string;
export type AllowanceWindow = CataloguePlan["allowances"][number]["window"];
export type BeyondAllowance = CataloguePlan["allowances"][number]["beyond"][number];
export type PriceInterval = "month" | "year";
export type BillingModel = NonNullable<CataloguePlan["billingModels"]>[number];
export type MeasuredBy = NonNullable<Catalogue["meters"][number]["measuredBy"]>;
/** What units beyond an allowance cost, by tiers of which the one that holds the last unit prices all. */
export type Overage = { meter: string; tiers: { upTo: number | null; unitAmountMinor: number }[] };

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
  isPopular: boolean;
  billingModels: BillingModel[];
  /** How many people of a team may use it; null = any number. */
  seats: number | null;
  trial: { days: number; requiresCard: boolean } | null;
  prices: PlanPrice[];
  allowances: Allowance[];
  overage: Overage[];
  features: Record<string, FeatureValue>;
};

/**
 * Parses a catalogue.
 * @throws Error listing every defect, each with the path to it.
 */
export function parseCatalogue(input: unknown): Catalogue {
  const parsed = CatalogueSchema.safeParse(input);
  const defects = parsed.success ? [...checkCatalogue(parsed.data)] : parsed.error.issues;
  if (parsed.success && defects.length === 0) return parsed.data;
  const lines = defects.map(({ path, message }) => `  ${path.join(".") || "(catalogue)"}: ${message}`);
  throw new Error(`The catalogue is not valid:\n${lines.join("\n")}`);
}
