import type { Context } from "@/lib/context";
import { sendStripeCommand } from "@/lib/services/stripe-commands/send-stripe-command";

/**
 * Makes at Stripe the products and prices that the published plans need and that are not there yet. Every
 * call is keyed by our id, so a push that died half-way is simply pushed again.
 * @returns how many products and prices were made.
 * @throws AppError `stripe_unavailable`.
 */
export async function pushCatalogue(ctx: Context): Promise<{ products: number; prices: number }> {
  const prices = await ctx.db.price.findMany({
    where: { stripePriceId: null },
    include: { planVersion: { include: { plan: true } } },
    orderBy: { id: "asc" },
  });
  const productIds = new Map<string, string>();
  for (const { planVersion } of prices) {
    const { plan } = planVersion;
    if (plan.stripeProductId) productIds.set(plan.id, plan.stripeProductId);
  }
  let products = 0;
  for (const price of prices) {
    const { planVersion } = price;
    const { plan } = planVersion;
    let product = productIds.get(plan.id);
    if (!product) {
      const made = await sendStripeCommand(ctx, {
        kind: "products.create",
        idempotencyKey: `product:${plan.id}`,
        customerId: null,
        parameters: {
          name: planVersion.name,
          description: planVersion.tagline,
          metadata: { plan: plan.slug },
        },
      });
      product = made.id;
      await ctx.db.plan.update({ where: { id: plan.id }, data: { stripeProductId: product } });
      productIds.set(plan.id, product);
      products += 1;
    }
    const { id: stripePriceId } = await sendStripeCommand(ctx, {
      kind: "prices.create",
      idempotencyKey: `price:${price.id}`,
      customerId: null,
      parameters: {
        product,
        currency: price.currency,
        unit_amount: price.amountMinor,
        recurring: { interval: price.interval, interval_count: price.intervalCount },
        tax_behavior: price.taxBehavior as "exclusive" | "inclusive" | "unspecified", // the catalogue schema's three
        lookup_key: price.lookupKey,
        metadata: { plan: plan.slug, plan_version: String(planVersion.version), price_id: price.id },
      },
    });
    await ctx.db.price.update({ where: { id: price.id }, data: { stripePriceId } });
  }
  return { products, prices: prices.length };
}
