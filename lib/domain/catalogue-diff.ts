import type { Catalogue } from "./catalogue";
import { type CatalogueChange, diffMembers, orderWords } from "./diff-members";
import { diffPlan, planPriceWords } from "./diff-plan";
import { formatCount } from "./format-count";
import { formatMoney } from "./money";
import { type NormalCatalogue, normalizeCatalogue } from "./normalize-catalogue";

/**
 * What publishing `to` changes where `from` is published, in words and each with its path; null = nothing is yet. Empty
 * for catalogues that promise the same, however they say it. A plan that is hidden counts as one that is not there.
 */
export function diffCatalogues(from: Catalogue | null, to: Catalogue): CatalogueChange[] {
  const after = onSale(to);
  const before = from ? onSale(from) : nothingOf(after);
  return [...changesBetween(before, after)];
}

function onSale(catalogue: Catalogue): NormalCatalogue {
  const normal = normalizeCatalogue(catalogue);
  return { ...normal, plans: normal.plans.filter(({ availability }) => availability !== "hidden") };
}

/** Where nothing was published all that is sold is new; what goes with it needs no mention. */
function nothingOf(catalogue: NormalCatalogue): NormalCatalogue {
  return { ...catalogue, plans: [], creditPacks: [] };
}

function* changesBetween(before: NormalCatalogue, after: NormalCatalogue): Iterable<CatalogueChange> {
  const { currency } = after;
  for (const member of ["key", "name", "currency", "customerType"] as const)
    yield* diffMembers(before[member], after[member], {
      path: member,
      title: `Catalogue: ${member === "customerType" ? "sold to" : member}`,
      currency,
    });
  yield* planChanges(before, after);
  yield* packChanges(before, after);
  const members = [
    ["meters", "Meters"],
    ["features", "Features"],
    ["priceBook", "Price book"],
    ["playground", "Playground"],
    ["policy", "Policy"],
    ["words", "Words"],
  ] as const;
  for (const [path, title] of members)
    yield* diffMembers(before[path], after[path], { path, title, currency });
}

function* planChanges(before: NormalCatalogue, after: NormalCatalogue): Iterable<CatalogueChange> {
  for (const plan of after.plans) {
    const previous = before.plans.find(({ slug }) => slug === plan.slug);
    if (previous) yield* diffPlan(previous, plan, withNamesOf(before, after));
    else
      yield {
        path: `plans.${plan.slug}`,
        words: `${plan.name}: new, ${plan.availability === "invite" ? "by invitation, " : ""}${planPriceWords(plan)}`,
      };
  }
  for (const { slug, name } of before.plans) {
    if (!after.plans.some((plan) => plan.slug === slug))
      yield { path: `plans.${slug}`, words: `${name}: no longer on sale; those who have it keep it` };
  }
  const order = orderWords(slugsOf(before.plans), slugsOf(after.plans));
  if (order) yield { path: "plans", words: `Plans: from the lowest to the highest, ${order}` };
}

/** What a plan loses may no longer be among the meters and features there are. */
function withNamesOf(before: NormalCatalogue, after: NormalCatalogue) {
  return {
    currency: after.currency,
    meters: [...after.meters, ...before.meters],
    features: [...after.features, ...before.features],
  };
}

function* packChanges(before: NormalCatalogue, after: NormalCatalogue): Iterable<CatalogueChange> {
  const say = (slug: string, words: string) => ({ path: `creditPacks.${slug}`, words });
  for (const { slug, name, credits, amountMinor } of after.creditPacks) {
    const price = formatMoney(amountMinor, after.currency);
    const previous = before.creditPacks.find((pack) => pack.slug === slug);
    if (!previous) {
      yield say(slug, `Pack ${name}: new, ${formatCount(credits)} credits for ${price}`);
      continue;
    }
    const previousPrice = formatMoney(previous.amountMinor, before.currency);
    if (previous.name !== name) yield say(slug, `Pack ${name}: name "${previous.name}" → "${name}"`);
    if (previous.credits !== credits)
      yield say(slug, `Pack ${name}: credits ${formatCount(previous.credits)} → ${formatCount(credits)}`);
    if (previousPrice !== price) yield say(slug, `Pack ${name}: price ${previousPrice} → ${price}`);
  }
  for (const { slug, name } of before.creditPacks) {
    if (!after.creditPacks.some((pack) => pack.slug === slug))
      yield say(slug, `Pack ${name}: no longer on sale; credits that were bought stay`);
  }
  const order = orderWords(slugsOf(before.creditPacks), slugsOf(after.creditPacks));
  if (order) yield { path: "creditPacks", words: `Packs: ${order}` };
}

function slugsOf(items: { slug: string }[]): string[] {
  return items.map(({ slug }) => slug);
}
