import type Stripe from "stripe";
import type { Context } from "@/lib/context";
import type { DbTransaction } from "@/lib/db/client";
import type { CataloguePolicy } from "@/lib/domain/catalogue";
import { projectSubscriptions, type SubscriptionProjection } from "@/lib/domain/subscription-projection";
import { logError } from "@/lib/log";
import { newId } from "@/lib/new-id";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { assertLeaseHeld, type CustomerLease } from "@/lib/services/customers/with-customer-lease";
import { announceUsage } from "@/lib/services/edge/announce-usage";
import { endWithoutRenewal } from "./end-without-renewal";
import { type InvoiceRow, toInvoiceRow, toSubscriptionRow } from "./mirror-rows";
import { readStripeCustomer, type StripeCustomerReading } from "./read-stripe-customer";

/** Stripe changes nothing of an invoice that we mirror once it is here. https://docs.stripe.com/invoicing/overview#invoice-statuses */
const FINAL_INVOICE_STATUSES = ["paid", "void"];

/**
 * Makes our mirror of a customer equal to Stripe: reads it there, then writes subscriptions, invoices, plan
 * grants and history in one transaction that fails if a newer reading got in first. The webhook, the page one
 * returns to and every repair call this same function; calling it twice changes nothing. What was sold without
 * renewal is told to Stripe before it is mirrored. (S0-103)
 * @param input.processedEventIds inbox events this reading serves; marked processed in the same transaction.
 * @throws AppError `conflict` when the lease was lost; Stripe's errors as they come.
 */
export async function projectCustomer(
  ctx: Pick<Context, "db" | "stripe" | "now">,
  lease: CustomerLease,
  input: { processedEventIds?: string[] } = {},
): Promise<void> {
  const { customerId, fence } = lease;
  const { policy } = await getCatalogue(ctx);
  const customer = await ctx.db.customer.findUniqueOrThrow({
    where: { id: customerId },
    include: { checkouts: { where: { state: "open" } } },
  });
  if (!customer.stripeCustomerId) return;
  const at = {
    stripeCustomerId: customer.stripeCustomerId,
    checkoutSessionId: customer.checkouts[0]?.stripeSessionId ?? null,
  };
  let reading = await readStripeCustomer(ctx, at);
  if (await endWithoutRenewal(ctx, { customerId, subscriptions: reading.subscriptions }))
    reading = await readStripeCustomer(ctx, at);
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
    await writeInvoices(
      tx,
      lease,
      reading.invoices.map((invoice) => toInvoiceRow(invoice, reading.firstFailures.get(invoice.id) ?? null)),
    );
    await writeGrants(tx, customerId, projection, ctx.now);
    await endBurndown(tx, customerId, { projection, policy, now: ctx.now });
    await tx.subscriptionHistory.createMany({
      data: projection.history.map((entry) => ({ id: newId(), customerId, ...entry })),
      skipDuplicates: true,
    });
    await tx.customer.update({
      where: { id: customerId },
      data: {
        currentSubscriptionId: projection.currentSubscriptionId,
        syncedAt: new Date(),
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

  announceUsage(ctx, customerId);
  if (projection.surplusSubscriptionIds.length > 0) {
    logError("subscription.surplus", new Error("a customer has more than one live subscription"), {
      customer_id: customerId,
      subscriptions: projection.surplusSubscriptionIds.join(","),
    });
  }
}

/** All of them in one statement, so that years of invoices fit into the transaction; final ones do not change. */
async function writeInvoices(
  tx: DbTransaction,
  { customerId, fence }: CustomerLease,
  rows: InvoiceRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    insert into invoices (customer_id, fence, id, subscription_id, number, status, billing_reason, currency, total_minor,
      amount_paid_minor, amount_remaining_minor, attempt_count, first_failed_at, next_payment_attempt_at, paid_at,
      created_at, hosted_invoice_url)
    select ${customerId}::uuid, ${fence}::bigint, read.*
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as read ("id" text, "subscriptionId" text, "number" text,
        "status" text, "billingReason" text, "currency" text, "totalMinor" int, "amountPaidMinor" int,
        "amountRemainingMinor" int, "attemptCount" int, "firstFailedAt" timestamptz, "nextPaymentAttemptAt" timestamptz,
        "paidAt" timestamptz, "createdAt" timestamptz, "hostedInvoiceUrl" text)
    on conflict (customer_id, id) do update
      set fence = excluded.fence, subscription_id = excluded.subscription_id, number = excluded.number,
        status = excluded.status, billing_reason = excluded.billing_reason, currency = excluded.currency,
        total_minor = excluded.total_minor, amount_paid_minor = excluded.amount_paid_minor,
        amount_remaining_minor = excluded.amount_remaining_minor, attempt_count = excluded.attempt_count,
        first_failed_at = excluded.first_failed_at, next_payment_attempt_at = excluded.next_payment_attempt_at,
        paid_at = excluded.paid_at, created_at = excluded.created_at, hosted_invoice_url = excluded.hosted_invoice_url
      where invoices.status <> all (${FINAL_INVOICE_STATUSES}::text[])`;
}

async function writeGrants(
  tx: DbTransaction,
  customerId: string,
  { grants }: SubscriptionProjection,
  now: Date,
): Promise<void> {
  // A subscription whose price was changed grants the plan it has now, and the one it had no longer.
  const granted = grants.map(({ subscriptionId, planVersionId }) => ({ subscriptionId, planVersionId }));
  const superseded = await tx.planGrant.findMany({
    where: { customerId, source: "subscription", endsAt: null, NOT: { OR: granted } },
  });
  for (const { id, startsAt } of superseded) {
    await tx.planGrant.update({ where: { id }, data: { endsAt: startsAt > now ? startsAt : now } });
  }
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

/**
 * Whoever pays a fee pays by credits no longer. What becomes of the credits that are left is the catalogue's policy:
 * kept, or ended with the grant that they were bought under. (S2-16)
 */
async function endBurndown(
  tx: DbTransaction,
  customerId: string,
  {
    projection,
    policy,
    now,
  }: { projection: SubscriptionProjection; policy: Pick<CataloguePolicy, "creditsOnModelChange">; now: Date },
): Promise<void> {
  if (!projection.currentSubscriptionId) return;
  const prepaid = await tx.planGrant.findMany({ where: { customerId, source: "burndown", endsAt: null } });
  for (const { id, startsAt } of prepaid) {
    await tx.planGrant.update({ where: { id }, data: { endsAt: startsAt > now ? startsAt : now } });
  }
  if (prepaid.length === 0 || policy.creditsOnModelChange === "keep") return;
  const balance = await tx.customerBalance.findUniqueOrThrow({ where: { customerId } });
  if (balance.credits <= 0n) return;
  await tx.$queryRaw`
    select outcome from post_credits(${customerId}::uuid, 'expiry', ${-balance.credits}::bigint,
      ${`billing-model:${prepaid[0]?.id}`}, null, null, null, null, 'The billing model changed.', '{}', false,
      ${now}::timestamptz)`;
}
