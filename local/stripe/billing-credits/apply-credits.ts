import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { idOf } from "@/local/stripe/references";
import { listAllObjects, ofCustomer } from "@/local/stripe/store/list-objects";
import { findObject } from "@/local/stripe/store/store";
import { currencyOf, leftOf, moveCredits } from "./credit-transactions";
import { inOrderOfUse } from "./order-of-use";

type Grant = Stripe.Billing.CreditGrant;

/** What a grant pays of a line. */
export type AppliedCredit = { creditBalanceTransaction: string; amount: number };

/**
 * What pays a line with credits, given what discounts leave of it; each use becomes a transaction. Credits pay for
 * metered usage of subscriptions alone, before taxes, when the invoice is finalized.
 * https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits
 */
export function creditsFor(
  context: Context,
  invoice: Stripe.Invoice,
): ((line: Stripe.InvoiceLineItem, amount: number) => AppliedCredit[]) | undefined {
  if (invoice.customer === null) return undefined;
  const grants = usableGrants(context, idOf(invoice.customer), invoice.currency);
  if (grants.length === 0) return undefined;
  return (line, amount) => {
    const price = meteredPriceOf(context, line);
    return price === null ? [] : payWith(context, grants.filter(coversPrice(price)), line, invoice, amount);
  };
}

/** The grants that count now, the next to be used first. */
export function usableGrants(context: Context, customer: string, currency?: string): Grant[] {
  const grants = listAllObjects(context.store, "billing.credit_grant", [ofCustomer(customer)]);
  return inOrderOfUse(
    grants.filter(
      (grant) => isUsable(grant, context.now) && (currency === undefined || currencyOf(grant) === currency),
    ),
  );
}

function isUsable(
  { effective_at: from, expires_at: until, voided_at: voidedAt }: Grant,
  now: number,
): boolean {
  return voidedAt === null && (from ?? 0) <= now && (until === null || until > now);
}

/** The metered price a line of a subscription bills, or null. */
function meteredPriceOf(context: Context, line: Stripe.InvoiceLineItem): string | null {
  if (line.parent?.type !== "subscription_item_details") return null;
  const price = line.pricing?.price_details?.price;
  if (price === undefined) return null;
  return findObject(context.store, "price", idOf(price))?.recurring?.meter ? idOf(price) : null;
}

function coversPrice(price: string): (grant: Grant) => boolean {
  return ({ applicability_config: { scope } }) =>
    scope.price_type === "metered" || (scope.prices ?? []).some(({ id }) => id === price);
}

function payWith(
  context: Context,
  grants: Grant[],
  line: Stripe.InvoiceLineItem,
  invoice: Stripe.Invoice,
  amount: number,
): AppliedCredit[] {
  const applied: AppliedCredit[] = [];
  let open = amount;
  for (const grant of grants) {
    const value = Math.min(open, leftOf(context, grant.id));
    if (value <= 0) continue;
    open -= value;
    const movement = { type: "credits_applied", invoice: invoice.id, invoiceLineItem: line.id } as const;
    const { id } = moveCredits(context, grant, value, movement);
    applied.push({ creditBalanceTransaction: id, amount: value });
  }
  return applied;
}
