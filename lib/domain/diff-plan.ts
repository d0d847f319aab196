import { windowWords } from "./allowance-words";
import type { Allowance, Catalogue, FeatureValue, Overage } from "./catalogue";
import type { CatalogueChange } from "./diff-members";
import { formatCount } from "./format-count";
import { formatMoney, intervalName } from "./money";
import type { NormalPlan, NormalPrice } from "./normalize-catalogue";

/** What is called how, where a plan names it by its key. */
export type PlanWords = Pick<Catalogue, "meters" | "features" | "currency">;

/** What differs between two contents of a plan: "Premium: AI requests a day 50 → 60". */
export function* diffPlan(from: NormalPlan, to: NormalPlan, names: PlanWords): Iterable<CatalogueChange> {
  const change = (path: string, words: string) => ({
    path: `plans.${to.slug}.${path}`,
    words: `${to.name}: ${words}`,
  });
  const single: [string, string, unknown, unknown][] = [
    ["name", "name", quoted(from.name), quoted(to.name)],
    ["tagline", "tagline", quoted(from.tagline), quoted(to.tagline)],
    ["availability", "availability", from.availability, to.availability],
    ["isPopular", "recommended", from.isPopular ? "yes" : "no", to.isPopular ? "yes" : "no"],
    ["trial", "trial", trialWords(from), trialWords(to)],
    ["billingModels", "paid by", billingWords(from), billingWords(to)],
    ["seats", "seats", from.seats ?? "any number", to.seats ?? "any number"],
  ];
  for (const [path, title, before, after] of single) {
    if (before !== after) yield change(path, `${title} ${before} → ${after}`);
  }
  for (const [key, before, after] of pairs(from.prices, to.prices, priceKey)) {
    const words = priceChange(before, after);
    if (words) yield change(`prices.${key}`, words);
  }
  for (const [key, before, after] of pairs(
    from.allowances,
    to.allowances,
    (entry) => `${entry.meter}.${entry.window}`,
  )) {
    for (const words of allowanceChanges(before, after, names)) yield change(`allowances.${key}`, words);
  }
  for (const [key, before, after] of pairs(from.overage, to.overage, (entry) => entry.meter)) {
    const [was, is] = [overageWords(before, names), overageWords(after, names)];
    if (was !== is) yield change(`overage.${key}`, `overage of ${meterOf(key, names).name} ${was} → ${is}`);
  }
  for (const key of new Set([...Object.keys(from.features), ...Object.keys(to.features)])) {
    const [before, after] = [from.features[key], to.features[key]];
    const name = names.features.find((feature) => feature.key === key)?.name ?? key;
    if (before !== after) yield change(`features.${key}`, `${name} ${featureChange(before, after)}`);
  }
}

/** A plan as one line tells it: "$19.99 per month, $199.99 per year", "free of charge". */
export function planPriceWords({ prices }: Pick<NormalPlan, "prices">): string {
  if (prices.length === 0) return "free of charge";
  return prices.map((price) => priceWords(price)).join(", ");
}

/** "$19.99 per month". */
export function priceWords(price: Omit<NormalPrice, "taxBehavior">): string {
  return `${formatMoney(price.amountMinor, price.currency)} per ${intervalName(price)}`;
}

function priceKey({ intervalCount, interval, currency }: NormalPrice): string {
  return `${intervalCount}${interval}_${currency}`;
}

function priceChange(before: NormalPrice | undefined, after: NormalPrice | undefined): string | null {
  if (before && after) {
    const name = `per ${intervalName(after)}`;
    const [was, is] = [before, after].map(({ amountMinor, currency }) => formatMoney(amountMinor, currency));
    const keeping = "a new price is made, the old one is archived; those who have it keep it";
    if (was !== is) return `price ${name} ${was} → ${is} (${keeping})`;
    if (before.taxBehavior !== after.taxBehavior)
      return `tax on the price ${name} ${before.taxBehavior} → ${after.taxBehavior} (${keeping})`;
    return null;
  }
  if (after) return `price ${priceWords(after)} is new`;
  return before ? `price ${priceWords(before)} is no longer on sale; those who have it keep it` : null;
}

function* allowanceChanges(
  before: Allowance | undefined,
  after: Allowance | undefined,
  names: PlanWords,
): Iterable<string> {
  const either = after ?? before;
  if (!either) return;
  const meter = meterOf(either.meter, names);
  const title = [meter.name, windowWords(either.window, meter.kind)].filter(Boolean).join(" ");
  if (!before || !after) {
    yield after ? `${title}: ${amountWords(after)} (new)` : `${title} is no longer limited or included`;
    return;
  }
  if (before.amount !== after.amount) yield `${title} ${amountWords(before)} → ${amountWords(after)}`;
  const [was, is] = [before.beyond.join(", then "), after.beyond.join(", then ")];
  if (was !== is) yield `beyond ${title} ${was} → ${is}`;
}

function overageWords(overage: Overage | undefined, { currency }: PlanWords): string {
  if (!overage) return "none";
  return overage.tiers
    .map(({ upTo, unitAmountMinor }) => {
      const each = `${formatMoney(unitAmountMinor, currency)} each`;
      return upTo === null ? each : `${each} up to ${formatCount(upTo)}`;
    })
    .join(", then ");
}

function meterOf(key: string, { meters }: PlanWords): Pick<Catalogue["meters"][number], "name" | "kind"> {
  return meters.find((meter) => meter.key === key) ?? { name: key, kind: "counter" };
}

function amountWords({ amount }: Allowance): string {
  return amount === null ? "unlimited" : formatCount(amount);
}

function trialWords({ trial }: NormalPlan): string {
  if (!trial) return "none";
  return `of ${trial.days} ${trial.days === 1 ? "day" : "days"} ${trial.requiresCard ? "with a card" : "without a card"}`;
}

function billingWords({ billingModels }: NormalPlan): string {
  return billingModels.map((model) => (model === "fixed_fee" ? "a fee" : "credits")).join(" or ");
}

/** Off and left out are the same to whoever holds the plan, but not to a program that asks for the feature. */
function featureChange(before: FeatureValue | undefined, after: FeatureValue | undefined): string {
  const [was, is] = [featureWords(before), featureWords(after)];
  if (was !== is) return `${was} → ${is}`;
  return after === undefined ? "off → left out" : "left out → off";
}

function featureWords(value: FeatureValue | undefined): string {
  if (value === undefined || value === false) return "off";
  return value === true ? "on" : typeof value === "number" ? formatCount(value) : quoted(value);
}

function quoted(text: string): string {
  return `"${text}"`;
}

/** Each key of either list, with what the lists hold under it. */
function pairs<Item>(
  from: readonly Item[],
  to: readonly Item[],
  keyOf: (item: Item) => string,
): [key: string, before: Item | undefined, after: Item | undefined][] {
  const keys = new Set([...from, ...to].map(keyOf));
  return [...keys].map((key) => {
    const find = (items: readonly Item[]) => items.find((item) => keyOf(item) === key);
    return [key, find(from), find(to)];
  });
}
