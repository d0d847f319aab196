import type { z } from "zod";
import { type CatalogueSchema, CREDIT_SOURCES } from "./catalogue-schema";
import { amountStepMinor } from "./currency";
import { intervalMonths } from "./money";

type Catalogue = z.infer<typeof CatalogueSchema>;
type Plan = Catalogue["plans"][number];

/** https://docs.stripe.com/api/prices/create#create_price-recurring-interval_count */
const MAX_INTERVAL_MONTHS = 36;

/** A rule that is broken: where, and in which words. */
export type CatalogueDefect = { path: (string | number)[]; message: string };

/** What the members of a catalogue must have to do with each other, for it to be sold. */
export function* checkCatalogue(catalogue: Catalogue): Iterable<CatalogueDefect> {
  const { plans, creditPacks, meters, features, policy } = catalogue;
  yield* duplicates(["plans"], plans, ({ slug }) => slug);
  yield* duplicates(["creditPacks"], creditPacks, ({ slug }) => slug);
  yield* duplicates(["meters"], meters, ({ key }) => key);
  yield* duplicates(["features"], features, ({ key }) => key);
  for (const [index, { amountMinor }] of creditPacks.entries())
    yield* checkAmount(amountMinor, catalogue.currency, ["creditPacks", index, "amountMinor"]);
  for (const [index, plan] of plans.entries()) yield* checkPlan(catalogue, plan, index);
  const popular = plans.flatMap((plan, index) => (plan.isPopular ? [index] : []));
  for (const index of popular.slice(1))
    yield { path: ["plans", index, "isPopular"], message: "another plan is the popular one already" };
  yield* checkPriceBook(catalogue);
  yield* checkPlayground(catalogue);
  yield* duplicates(["policy", "warnings"], policy.warnings, ({ percent }) => `${percent} %`);
  yield* duplicates(["policy", "reminderDays"], policy.reminderDays, String);
  const missing = CREDIT_SOURCES.filter((source) => !policy.drawDown.includes(source));
  yield* duplicates(["policy", "drawDown"], policy.drawDown, String);
  if (missing.length > 0)
    yield { path: ["policy", "drawDown"], message: `must name ${missing.join(", ")} too` };
}

function* checkPlan(catalogue: Catalogue, plan: Plan, index: number): Iterable<CatalogueDefect> {
  const at = (...path: (string | number)[]) => ["plans", index, ...path];
  const isFree = plan.prices.length === 0;
  const models = plan.billingModels ?? ["fixed_fee"];
  if (index === 0 && !(isFree && plan.availability === "public"))
    yield { path: at(), message: "the first plan must be public and free of charge" };
  if (plan.trial && isFree)
    yield { path: at("trial"), message: "a plan without a price cannot have a trial" };
  if (models.includes("credit_burndown") && catalogue.creditPacks.length === 0)
    yield { path: at("billingModels"), message: "paying by credits needs a credit pack to buy" };
  if (catalogue.customerType === "personal" && (plan.seats ?? 1) !== 1)
    yield { path: at("seats"), message: "only a team has more seats than one: customerType is personal" };
  yield* duplicates(
    at("prices"),
    plan.prices,
    (price) => `${price.intervalCount} ${price.interval} in ${price.currency ?? catalogue.currency}`,
  );
  for (const [position, price] of plan.prices.entries()) {
    const { amountMinor, currency = catalogue.currency } = price;
    yield* checkAmount(amountMinor, currency, at("prices", position, "amountMinor"));
    if (intervalMonths(price) > MAX_INTERVAL_MONTHS)
      yield { path: at("prices", position, "intervalCount"), message: "must come to three years at most" };
  }
  yield* duplicates(at("allowances"), plan.allowances, ({ meter, window }) => `${meter} per ${window}`);
  yield* duplicates(at("overage"), plan.overage ?? [], ({ meter }) => meter);
  for (const [position, allowance] of plan.allowances.entries())
    yield* checkAllowance(catalogue, plan, allowance, at("allowances", position));
  for (const [position, overage] of (plan.overage ?? []).entries())
    yield* checkOverage(plan, overage, at("overage", position));
  for (const key of Object.keys(plan.features)) {
    if (!catalogue.features.some((feature) => feature.key === key))
      yield { path: at("features", key), message: `there is no feature "${key}"` };
  }
}

function* checkAmount(
  amountMinor: number,
  currency: string,
  path: (string | number)[],
): Iterable<CatalogueDefect> {
  const step = amountStepMinor(currency);
  if (amountMinor % step !== 0) yield { path, message: `must be a multiple of ${step} in ${currency}` };
}

function* checkAllowance(
  { meters }: Catalogue,
  plan: Plan,
  { meter: key, beyond }: Plan["allowances"][number],
  path: (string | number)[],
): Iterable<CatalogueDefect> {
  const meter = meters.find((entry) => entry.key === key);
  if (!meter) {
    yield { path: [...path, "meter"], message: `there is no meter "${key}"` };
    return;
  }
  if (beyond.includes("credits") && meter.creditsPerUnit === undefined)
    yield {
      path: [...path, "beyond"],
      message: `the meter "${key}" does not say what a unit costs in credits`,
    };
  if (beyond.includes("overage") && !plan.overage?.some((entry) => entry.meter === key))
    yield { path: [...path, "beyond"], message: `the plan's overage has no price for "${key}"` };
}

function* checkOverage(
  plan: Plan,
  { meter, tiers }: NonNullable<Plan["overage"]>[number],
  path: (string | number)[],
): Iterable<CatalogueDefect> {
  const isUsed = plan.allowances.some((entry) => entry.meter === meter && entry.beyond.includes("overage"));
  if (!isUsed) yield { path: [...path, "meter"], message: `no allowance of "${meter}" goes on into overage` };
  for (const [index, { upTo }] of tiers.entries()) {
    const previous = tiers[index - 1]?.upTo ?? 0;
    const isLast = index === tiers.length - 1;
    if (isLast !== (upTo === null))
      yield { path: [...path, "tiers", index, "upTo"], message: "the last tier, and only that, has no end" };
    else if (upTo !== null && upTo <= previous)
      yield { path: [...path, "tiers", index, "upTo"], message: "must be more than the tier before" };
  }
}

function* checkPriceBook({ priceBook: { models, typicalCall } }: Catalogue): Iterable<CatalogueDefect> {
  yield* duplicates(["priceBook", "models"], models, ({ key }) => key);
  if (typicalCall && !models.some(({ key }) => key === typicalCall.model))
    yield {
      path: ["priceBook", "typicalCall", "model"],
      message: `there is no model "${typicalCall.model}"`,
    };
}

function* checkPlayground({ playground, meters, features }: Catalogue): Iterable<CatalogueDefect> {
  const { chat, actions } = playground;
  const uses = [
    ...(chat ? [{ meter: chat.meter, path: ["playground", "chat", "meter"] }] : []),
    ...(chat?.stopsWith ? [{ meter: chat.stopsWith, path: ["playground", "chat", "stopsWith"] }] : []),
    ...actions.map(({ meter }, index) => ({ meter, path: ["playground", "actions", index, "meter"] })),
  ];
  for (const { meter, path } of uses) {
    if (!meters.some(({ key }) => key === meter)) yield { path, message: `there is no meter "${meter}"` };
  }
  if (chat?.feature !== undefined && !features.some(({ key }) => key === chat.feature))
    yield { path: ["playground", "chat", "feature"], message: `there is no feature "${chat.feature}"` };
}

function* duplicates<Item>(
  path: (string | number)[],
  items: readonly Item[],
  nameOf: (item: Item) => string,
): Iterable<CatalogueDefect> {
  const names = items.map(nameOf);
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index) yield { path: [...path, index], message: `"${name}" is used twice` };
  }
}
