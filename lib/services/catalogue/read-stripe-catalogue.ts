import type Stripe from "stripe";
import type { Context } from "@/lib/context";
import { stripeUnavailable } from "@/lib/services/subscriptions/sync-customer";
import { isStripeError } from "@/lib/stripe/stripe-error";

/** What Stripe has of ours, by Stripe's ids. */
export type StripeCatalogue = {
  products: ReadonlyMap<string, Stripe.Product>;
  /** Every active price of our products, and those of the current plan versions whether active or not. */
  prices: ReadonlyMap<string, Stripe.Price>;
};

/** Stripe's own limits. https://docs.stripe.com/api/prices/list */
const PAGE = 100;
const LOOKUP_KEYS_PER_CALL = 10;

/**
 * Reads our products and prices from Stripe: one call for the products, one for each product's active prices, and more
 * only for what is on sale here and not active there.
 * @throws AppError `stripe_unavailable`.
 */
export async function readStripeCatalogue(ctx: Pick<Context, "db" | "stripe">): Promise<StripeCatalogue> {
  try {
    const products = await readProducts(ctx);
    const prices = new Map<string, Stripe.Price>();
    for (const product of products.keys()) {
      for await (const price of ctx.stripe.prices.list({ product, active: true, limit: PAGE }))
        prices.set(price.id, price);
    }
    for (const price of await readInactivePrices(ctx, prices)) prices.set(price.id, price);
    return { products, prices };
  } catch (error) {
    if (isStripeError(error)) throw stripeUnavailable(error);
    throw error;
  }
}

async function readProducts({
  db,
  stripe,
}: Pick<Context, "db" | "stripe">): Promise<Map<string, Stripe.Product>> {
  const plans = await db.plan.findMany({ where: { stripeProductId: { not: null } } });
  const ids = plans.flatMap(({ stripeProductId }) => stripeProductId ?? []);
  const products = new Map<string, Stripe.Product>();
  for (const some of inGroupsOf(PAGE, ids)) {
    const { data } = await stripe.products.list({ ids: some, limit: PAGE });
    for (const product of data) products.set(product.id, product);
  }
  return products;
}

/** Of plans that are not on sale too: publishing may bring one back. */
async function readInactivePrices(
  { db, stripe }: Pick<Context, "db" | "stripe">,
  active: ReadonlyMap<string, Stripe.Price>,
): Promise<Stripe.Price[]> {
  const rows = await db.price.findMany({
    where: { stripePriceId: { not: null }, planVersion: { currentOf: { isNot: null } } },
  });
  const missing = new Map(
    rows.flatMap(({ stripePriceId, lookupKey }) =>
      stripePriceId === null || active.has(stripePriceId) ? [] : [[stripePriceId, lookupKey]],
    ),
  );
  const found: Stripe.Price[] = [];
  for (const lookupKeys of inGroupsOf(LOOKUP_KEYS_PER_CALL, [...missing.values()])) {
    const { data } = await stripe.prices.list({ lookup_keys: lookupKeys, limit: PAGE });
    found.push(...data.filter(({ id }) => missing.delete(id)));
  }
  // Its lookup key was taken from it there, or it is not there at all.
  for (const id of missing.keys()) {
    const price = await findStripePrice(stripe, id);
    if (price) found.push(price);
  }
  return found;
}

async function findStripePrice(stripe: Stripe, id: string): Promise<Stripe.Price | null> {
  try {
    return await stripe.prices.retrieve(id);
  } catch (error) {
    if (isStripeError(error) && error.code === "resource_missing") return null;
    throw error;
  }
}

function inGroupsOf<Item>(size: number, items: Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
