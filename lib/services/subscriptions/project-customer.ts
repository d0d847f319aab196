import type Stripe from "stripe";
import type { Context } from "@/lib/context";
import type { DbTransaction } from "@/lib/db/client";
import { projectSubscriptions, type SubscriptionProjection } from "@/lib/domain/subscription-projection";
import { logError } from "@/lib/log";
import { newId } from "@/lib/new-id";
import { assertLeaseHeld, type CustomerLease } from "@/lib/services/customers/with-customer-lease";
import { toInvoiceRow, toSubscriptionRow } from "./mirror-rows";
import { readStripeCustomer, type StripeCustomerReading } from "./read-stripe-customer";

/**
 * Makes our mirror of a customer equal to Stripe: reads it there, then writes subscriptions, invoices, plan
 * grants and history in one transaction that fails if a newer reading got in first. The webhook, the page one
 * returns to and every repair call this same function; calling it twice changes nothing. (S0-103)
 * @param input.processedEventIds inbox events this reading serves; marked processed in the same transaction.
 * @throws AppError `conflict` when the lease was lost; Stripe's errors as they come.
 */
export async function projectCustomer(
  ctx: Pick<Context, "db" | "stripe">,
  lease: CustomerLease,
  input: { processedEventIds?: string[] } = {},
): Promise<void> {
  const { customerId, fence } = lease;
  const customer = await ctx.db.customer.findUniqueOrThrow({
    where: { id: customerId },
    include: { checkouts: { where: { state: "open" } } },
  });
  if (!customer.stripeCustomerId) return;
  const reading = await readStripeCustomer(ctx, {
    stripeCustomerId: customer.stripeCustomerId,
    checkoutSessionId: customer.checkouts[0]?.stripeSessionId ?? null,
  });
  const prices = await ctx.db.price.findMany({
    where: { stripePriceId: { in: reading.subscriptions.flatMap(priceIdsOf) } },
    select: { id: true, stripePriceId: true, planVersionId: true },
  });
  const priceIdByStripeId = new Map(prices.map((price) => [price.stripePriceId ?? "", price.id]));
  const subscriptionRows = reading.subscriptions.map((subscription) =>
    toSubscriptionRow(subscription, priceIdByStripeId),
  );
  const projection = projectSubscriptions(
    subscriptionRows.map((row, index) => ({
      id: row.id,
      status: row.status,
      planVersionId: prices.find((price) => price.id === row.priceId)?.planVersionId ?? null,
      createdAt: row.createdAt as Date, // toSubscriptionRow makes dates, the row's type also allows texts
      startedAt: row.startedAt as Date,
      trialStart: row.trialStart as Date | null,
      trialEnd: row.trialEnd as Date | null,
      endedAt: row.endedAt as Date | null,
      cancellationReason: reading.subscriptions[index]?.cancellation_details?.reason ?? null,
    })),
  );

  await ctx.db.$transaction(async (tx) => {
    await assertLeaseHeld(tx, lease);
    for (const row of subscriptionRows) {
      await tx.subscription.upsert({
        where: { customerId_id: { customerId, id: row.id } },
        create: { customerId, fence, ...row },
        update: { fence, ...row },
      });
    }
    for (const invoice of reading.invoices) {
      const row = toInvoiceRow(invoice);
      await tx.invoice.upsert({
        where: { customerId_id: { customerId, id: row.id } },
        create: { customerId, fence, ...row },
        update: { fence, ...row },
      });
    }
    await writeGrants(tx, customerId, projection);
    await tx.subscriptionHistory.createMany({
      data: projection.history.map((entry) => ({ id: newId(), customerId, ...entry })),
      skipDuplicates: true,
    });
    await tx.customer.update({
      where: { id: customerId },
      data: {
        currentSubscriptionId: projection.currentSubscriptionId,
        currency: customer.currency ?? reading.subscriptions[0]?.currency ?? null,
      },
    });
    await writeCheckout(tx, reading.checkoutSession);
    await tx.stripeEvent.updateMany({
      where: { id: { in: input.processedEventIds ?? [] } },
      data: {
        state: "processed",
        processedAt: new Date(),
        nextAttemptAt: null,
        lastError: null,
        attempts: { increment: 1 },
      },
    });
  });

  if (projection.surplusSubscriptionIds.length > 0) {
    logError("subscription.surplus", new Error("a customer has more than one live subscription"), {
      customer_id: customerId,
      subscriptions: projection.surplusSubscriptionIds.join(","),
    });
  }
}

async function writeGrants(
  tx: DbTransaction,
  customerId: string,
  { grants }: SubscriptionProjection,
): Promise<void> {
  for (const { subscriptionId, planVersionId, startsAt, endsAt } of grants) {
    await tx.planGrant.upsert({
      where: { customerId_subscriptionId_planVersionId: { customerId, subscriptionId, planVersionId } },
      create: {
        id: newId(),
        customerId,
        subscriptionId,
        planVersionId,
        source: "subscription",
        startsAt,
        endsAt,
      },
      update: { startsAt, endsAt },
    });
  }
}

async function writeCheckout(
  tx: DbTransaction,
  session: StripeCustomerReading["checkoutSession"],
): Promise<void> {
  if (!session || session.status === "open") return;
  await tx.checkout.updateMany({
    where: { stripeSessionId: session.id, state: "open" },
    data: { state: session.status === "complete" ? "completed" : "expired" },
  });
}

function priceIdsOf(subscription: Stripe.Subscription): string[] {
  return subscription.items.data.map((item) => item.price.id);
}
