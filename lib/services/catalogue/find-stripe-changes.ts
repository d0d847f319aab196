import type Stripe from "stripe";
import type { DbTransaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { CatalogueChange } from "@/lib/domain/diff-members";
import { priceWords } from "@/lib/domain/diff-plan";
import type { StripeCatalogue } from "./read-stripe-catalogue";

/** What is done at Stripe, or, where it has been done already, recorded here. */
export type StripeAction =
  | { kind: "make_product"; planId: string }
  | { kind: "update_product"; planId: string; product: string; parameters: Stripe.ProductUpdateParams }
  | { kind: "make_price"; priceId: string }
  | { kind: "record_price"; priceId: string; stripePriceId: string }
  | { kind: "update_price"; priceId: string; price: string; parameters: Stripe.PriceUpdateParams }
  | { kind: "archive_price"; priceId: string; price: string; product: string; isDefault: boolean };

/** What Stripe has otherwise than it should: in words, as what is done about it. */
export type StripeChange = CatalogueChange & {
  /** Null = a push cannot put it right; the words say what can. */
  action: StripeAction | null;
};

const PLAN_INCLUDE = { currentVersion: { include: { prices: true } } } as const;
type PlanRow = Prisma.PlanGetPayload<{ include: typeof PLAN_INCLUDE }>;
type VersionRow = NonNullable<PlanRow["currentVersion"]>;
type PriceRow = VersionRow["prices"][number];

/**
 * What has to be done at Stripe so that it has what is on sale here, in the order it is done in: what is sold is made
 * before what is no longer sold is archived.
 * @param stripe read before `db` is: a price made meanwhile is then none to be archived.
 */
export async function findStripeChanges(db: DbTransaction, stripe: StripeCatalogue): Promise<StripeChange[]> {
  const plans = await db.plan.findMany({
    where: { availability: { not: "hidden" } },
    include: PLAN_INCLUDE,
    orderBy: { rank: "asc" },
  });
  const sold = plans.flatMap((plan) => {
    const version = plan.currentVersion;
    const hasStripe = version !== null && (version.prices.length > 0 || plan.stripeProductId !== null);
    return hasStripe ? [{ plan, version }] : [];
  });
  const onSale = sold.flatMap(({ version }) => version.prices);
  const archived = await findPricesToArchive(db, stripe, onSale);
  return [...sold.flatMap(({ plan, version }) => [...planChanges(plan, version, stripe)]), ...archived];
}

function* planChanges(plan: PlanRow, version: VersionRow, stripe: StripeCatalogue): Iterable<StripeChange> {
  const at = (words: string, action: StripeAction | null, path = "product"): StripeChange => ({
    path: `plans.${plan.slug}.${path}`,
    words: `${version.name}: ${words}`,
    action,
  });
  const product = plan.stripeProductId === null ? undefined : stripe.products.get(plan.stripeProductId);
  if (product) {
    const [words, parameters] = productUpdate(version, product);
    if (words) yield at(words, { kind: "update_product", planId: plan.id, product: product.id, parameters });
  } else if (plan.stripeProductId === null) {
    yield at("make the product", { kind: "make_product", planId: plan.id });
  } else {
    const lost = `the product ${plan.stripeProductId} is not at this Stripe account`;
    yield at(`${lost}: use the key of the account it was made in, or begin with an empty database`, null);
    return;
  }
  for (const price of version.prices) {
    for (const [words, action] of priceChanges(price, stripe))
      yield at(words, action, `prices.${price.intervalCount}${price.interval}_${price.currency}`);
  }
}

function productUpdate(
  { name, tagline }: VersionRow,
  product: Stripe.Product,
): [words: string, Stripe.ProductUpdateParams] {
  const words = [
    ...(product.active ? [] : ["make the product active again, which is archived at Stripe"]),
    ...(product.name === name ? [] : [`give the product its name, which is "${product.name}" at Stripe`]),
    ...(product.description === tagline
      ? []
      : [`give the product its description, which is "${product.description ?? ""}" at Stripe`]),
  ];
  return [words.join("; "), { active: true, name, description: tagline }];
}

function* priceChanges(
  row: PriceRow,
  { prices }: StripeCatalogue,
): Iterable<[words: string, action: StripeAction | null]> {
  const words = priceWords(row);
  if (row.stripePriceId === null) {
    const made = [...prices.values()].find(({ metadata }) => metadata.price_id === row.id);
    yield made
      ? [
          `note down the price of ${words}, which is at Stripe already`,
          { kind: "record_price", priceId: row.id, stripePriceId: made.id },
        ]
      : [`make the price of ${words}`, { kind: "make_price", priceId: row.id }];
    return;
  }
  const price = prices.get(row.stripePriceId);
  const anew = "publish a change of this plan, which makes a new price";
  if (!price) {
    yield [`the price of ${words} (${row.stripePriceId}) is not at this Stripe account: ${anew}`, null];
    return;
  }
  const other = otherTerms(row, price);
  if (other) yield [`the price of ${words} (${price.id}) is ${other} at Stripe, for good: ${anew}`, null];
  const { active, lookup_key: lookupKey, metadata } = price;
  const wrong = [
    ...(active ? [] : ["make it active again, which is archived at Stripe"]),
    ...(lookupKey === row.lookupKey
      ? []
      : [`give it back its lookup key, which is "${lookupKey ?? ""}" at Stripe`]),
    ...(metadata.price_id === row.id ? [] : ["give it back its metadata, which was changed at Stripe"]),
  ];
  const parameters: Stripe.PriceUpdateParams = {
    active: true,
    lookup_key: row.lookupKey,
    transfer_lookup_key: true,
    metadata: { price_id: row.id },
  };
  if (wrong.length > 0)
    yield [
      `the price of ${words}: ${wrong.join("; ")}`,
      { kind: "update_price", priceId: row.id, price: price.id, parameters },
    ];
}

/** What of a price can never be changed at Stripe and is otherwise there; null = it is as it should be. */
function otherTerms(row: PriceRow, price: Stripe.Price): string | null {
  const { recurring } = price;
  const isSame =
    price.unit_amount === row.amountMinor &&
    price.currency === row.currency &&
    recurring?.interval === row.interval &&
    recurring.interval_count === row.intervalCount;
  if (!isSame) {
    const { interval = "once", interval_count: count = 1 } = recurring ?? {};
    return `${price.unit_amount ?? "no amount"} ${price.currency} (minor units) every ${count} ${interval}`;
  }
  const isTaxed = row.taxBehavior === "unspecified" || row.taxBehavior === price.tax_behavior;
  return isTaxed ? null : `of the tax behaviour ${price.tax_behavior} and not ${row.taxBehavior}`;
}

/** Active at Stripe and ours, and no plan sells it: of an older version, or of a plan that went off sale. */
async function findPricesToArchive(
  db: DbTransaction,
  { products, prices }: StripeCatalogue,
  onSale: PriceRow[],
): Promise<StripeChange[]> {
  const active = [...prices.values()].filter((price) => price.active);
  const rows = await db.price.findMany({
    where: {
      id: { notIn: onSale.map(({ id }) => id) },
      // Of a push that died before it noted the price down, only the metadata knows whose it is.
      OR: [
        { stripePriceId: { in: active.map(({ id }) => id) } },
        { id: { in: active.flatMap(({ metadata }) => ourId(metadata)) }, stripePriceId: null },
      ],
    },
    include: { planVersion: { include: { plan: true } } },
    orderBy: { id: "asc" },
  });
  return rows.flatMap((row) => {
    const price = active.find(({ id, metadata }) => id === row.stripePriceId || metadata.price_id === row.id);
    const product = price && products.get(String(price.product)); // never expanded
    if (!price || !product) return [];
    const { plan, name, version } = row.planVersion;
    const path = `plans.${plan.slug}.versions.${version}.prices.${row.intervalCount}${row.interval}_${row.currency}`;
    const isDefault = product.default_price === price.id;
    const isStuck = isDefault && !onSale.some(({ planVersionId }) => planVersionId === plan.currentVersionId);
    const words = isStuck
      ? "cannot be archived while it is the product's default price: archive the product in Stripe's dashboard"
      : "archive it, as no plan sells it any more; those who have it keep it";
    const ids = { priceId: row.id, price: price.id, product: product.id };
    const action: StripeAction = { kind: "archive_price", ...ids, isDefault };
    return [
      {
        path,
        words: `${name}: the price of ${priceWords(row)}: ${words}`,
        action: isStuck ? null : action,
      },
    ];
  });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Metadata is free text, and what is no id cannot be asked for. */
function ourId({ price_id: id }: Stripe.Metadata): string[] {
  return id && UUID.test(id) ? [id] : [];
}
