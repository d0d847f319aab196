import { createHash } from "node:crypto";
import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { sendStripeCommand, UNANSWERED } from "@/lib/services/stripe-commands/send-stripe-command";
import type { StripeCommandParameters } from "@/lib/stripe/commands";
import { compareWithStripe } from "./compare-with-stripe";
import type { StripeAction, StripeChange } from "./find-stripe-changes";

export type PushResult = {
  /** How many of each were made at Stripe. */
  products: number;
  prices: number;
  /** How many were put right or archived there. */
  updates: number;
  /** What a push cannot put right. */
  problems: StripeChange[];
};

/** Who publishes or pushes meanwhile may leave something to do, once or twice. */
const ROUNDS = 5;

/**
 * Gives Stripe what is on sale here: makes products and prices, archives the prices that no plan sells any more (who has
 * one keeps it), and puts right what was changed there by hand. What is to be done is read from Stripe, so a push that
 * died is simply pushed again, and it has ended only when reading again finds nothing more to do.
 * @param input.onChange told of each change once it is done.
 * @throws AppError `stripe_unavailable`, `conflict` when others do not stop changing what is on sale.
 */
export async function pushCatalogue(
  ctx: Pick<Context, "db" | "stripe">,
  { onChange }: { onChange?: (change: StripeChange) => void } = {},
): Promise<PushResult> {
  const result: PushResult = { products: 0, prices: 0, updates: 0, problems: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const changes = await compareWithStripe(ctx);
    const problems = changes.filter(({ action }) => action === null);
    if (problems.length === changes.length) return { ...result, problems };
    for (const change of changes) {
      if (!change.action) continue;
      await act(ctx, change.action);
      result[countedAs(change.action)] += 1;
      onChange?.(change);
    }
  }
  throw new AppError(
    "conflict",
    "What is on sale was changed by others again and again while this ran: push once more.",
  );
}

function countedAs({ kind }: StripeAction): "products" | "prices" | "updates" {
  if (kind === "make_product") return "products";
  return kind === "make_price" ? "prices" : "updates";
}

async function act(ctx: Pick<Context, "db" | "stripe">, action: StripeAction): Promise<void> {
  switch (action.kind) {
    case "make_product":
      return makeProduct(ctx, action.planId);
    case "make_price":
      return makePrice(ctx, action.priceId);
    case "record_price":
      return recordPrice(ctx, action.priceId, action.stripePriceId);
    case "update_product": {
      const parameters = { product: action.product, ...action.parameters };
      return sendUpdate(ctx, "products.update", `product:${action.planId}`, parameters);
    }
    case "update_price": {
      const parameters = { price: action.price, ...action.parameters };
      return sendUpdate(ctx, "prices.update", `price:${action.priceId}`, parameters);
    }
    case "archive_price":
      return archivePrice(ctx, action);
  }
}

async function makeProduct(ctx: Pick<Context, "db" | "stripe">, planId: string): Promise<void> {
  const plan = await ctx.db.plan.findUniqueOrThrow({
    where: { id: planId },
    include: { currentVersion: true },
  });
  const made = await sendStripeCommand(ctx, {
    kind: "products.create",
    idempotencyKey: `product:${plan.id}`,
    customerId: null,
    parameters: {
      name: plan.currentVersion?.name ?? plan.slug,
      description: plan.currentVersion?.tagline,
      metadata: { plan: plan.slug },
    },
  });
  await ctx.db.plan.update({ where: { id: planId }, data: { stripeProductId: made.id } });
}

async function makePrice(ctx: Pick<Context, "db" | "stripe">, priceId: string): Promise<void> {
  const price = await ctx.db.price.findUniqueOrThrow({
    where: { id: priceId },
    include: { planVersion: { include: { plan: true } } },
  });
  const { plan, version } = price.planVersion;
  if (plan.stripeProductId === null) throw new Error(`plan ${plan.id} has no product at Stripe yet`);
  const made = await sendStripeCommand(ctx, {
    kind: "prices.create",
    idempotencyKey: `price:${price.id}`,
    customerId: null,
    parameters: {
      product: plan.stripeProductId,
      currency: price.currency,
      unit_amount: price.amountMinor,
      recurring: { interval: price.interval, interval_count: price.intervalCount },
      tax_behavior: price.taxBehavior as "exclusive" | "inclusive" | "unspecified", // the catalogue schema's three
      lookup_key: price.lookupKey,
      metadata: { plan: plan.slug, plan_version: String(version), price_id: price.id },
    },
  });
  await recordPrice(ctx, priceId, made.id);
}

async function recordPrice(
  { db }: Pick<Context, "db">,
  priceId: string,
  stripePriceId: string,
): Promise<void> {
  await db.price.updateMany({ where: { id: priceId, stripePriceId: null }, data: { stripePriceId } });
}

/** A product's default price cannot be archived, so another takes that place first: one that the plan still sells. */
async function archivePrice(
  ctx: Pick<Context, "db" | "stripe">,
  { priceId, price, product, isDefault }: Extract<StripeAction, { kind: "archive_price" }>,
): Promise<void> {
  if (isDefault) {
    const heir = await ctx.db.price.findFirst({
      where: { stripePriceId: { not: null }, planVersion: { currentOf: { stripeProductId: product } } },
    });
    if (heir?.stripePriceId) {
      const parameters = { product, default_price: heir.stripePriceId };
      await sendUpdate(ctx, "products.update", `product-default:${heir.id}`, parameters);
    }
  }
  await sendUpdate(ctx, "prices.update", `price:${priceId}`, { price, active: false });
}

/**
 * An update may be due more than once, so its key counts those of this object that have ended: one that was not answered
 * is repeated under its own key, one that was done is not taken for the next.
 */
async function sendUpdate<Kind extends "products.update" | "prices.update">(
  ctx: Pick<Context, "db" | "stripe">,
  kind: Kind,
  object: string,
  parameters: StripeCommandParameters[Kind],
): Promise<void> {
  const content = createHash("sha256").update(JSON.stringify(parameters)).digest("hex").slice(0, 12);
  const prefix = `${object}:update:${content}:`;
  const ended = await ctx.db.stripeCommand.count({
    where: {
      idempotencyKey: { startsWith: prefix },
      OR: [{ state: { in: ["succeeded", "abandoned"] } }, { state: "failed", lastError: UNANSWERED }],
    },
  });
  await sendStripeCommand(ctx, {
    kind,
    idempotencyKey: `${prefix}${ended}`,
    customerId: null,
    parameters,
  });
}
