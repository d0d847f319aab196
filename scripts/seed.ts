import { readPreset } from "@/catalogues/read-preset";
import { createUser } from "@/lib/auth/create-user";
import type { Context } from "@/lib/context";
import { DEMO_ACCOUNTS } from "@/lib/domain/demo-account";
import { readEnv } from "@/lib/env";
import { openContext } from "@/lib/open-context";
import { readClockOffset } from "@/lib/read-clock-offset";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { pushCatalogue } from "@/lib/services/catalogue/push-catalogue";
import { ensureStripeCustomer } from "@/lib/services/customers/ensure-stripe-customer";
import { getSubscription } from "@/lib/services/subscriptions/get-subscription";
import { syncCustomer } from "@/lib/services/subscriptions/sync-customer";

/**
 * Fills a database with what the app needs to be used: the catalogue, at Stripe too; and in local mode the demo
 * accounts. Through the same services the app uses. Running it again changes nothing.
 */
async function main(): Promise<void> {
  const result = readEnv(process.env);
  if (!result.ok) throw new Error(result.problems.join("\n"));
  const ctx: Context = {
    ...openContext(result.env),
    now: new Date(Date.now() + (await readClockOffset(result.env))),
  };
  const published = await publishCatalogue(ctx, { catalogue: readPreset(ctx.env.catalogue) });
  const pushed = await pushCatalogue(ctx);
  if (ctx.env.local) await seedDemoAccounts(ctx);
  console.log(`${published.length} plans published, ${pushed.prices} prices made at Stripe`);
  await ctx.db.$disconnect();
}

async function seedDemoAccounts(ctx: Context): Promise<void> {
  for (const email of DEMO_ACCOUNTS) {
    if (await ctx.db.user.findUnique({ where: { email } })) continue;
    const name = `${email.charAt(0).toUpperCase()}${email.slice(1, email.indexOf("@"))} Demo`;
    await createUser(ctx.db, { email, name, emailVerified: ctx.now, now: ctx.now });
  }
  await ctx.db.user.update({ where: { email: "admin@demo.test" }, data: { isPlatformAdmin: true } });
  await subscribeProAccount(ctx);
}

/** pro@demo.test has paid for Community Pro, or for the first plan that is sold where there is no such plan. */
async function subscribeProAccount(ctx: Context): Promise<void> {
  const { customerId } = await ctx.db.member.findFirstOrThrow({
    where: { user: { email: "pro@demo.test" } },
  });
  // Nothing to read again: an app that was stopped a moment ago may still hold the customer's lease.
  if ((await getSubscription(ctx, { customerId })).subscription?.isLive) return;
  const price = await ctx.db.price.findFirstOrThrow({
    where: { stripePriceId: { not: null }, planVersion: { currentOf: { availability: "public" } } },
    orderBy: { planVersion: { plan: { rank: "asc" } } },
  });
  const customer = await ensureStripeCustomer(ctx, { customerId });
  const existing = await ctx.stripe.subscriptions.list({ customer, status: "all", limit: 1 });
  if (existing.data.length === 0) {
    const card = await ctx.stripe.paymentMethods.attach(
      "pm_card_visa",
      { customer },
      { idempotencyKey: `seed:card:${customerId}` },
    );
    await ctx.stripe.subscriptions.create(
      { customer, items: [{ price: price.stripePriceId ?? "" }], default_payment_method: card.id },
      { idempotencyKey: `seed:subscription:${customerId}` },
    );
  }
  await syncCustomer(ctx, { customerId });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
