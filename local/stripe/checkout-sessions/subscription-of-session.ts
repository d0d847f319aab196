import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { getByParam } from "@/local/stripe/references";
import type { AddedItem } from "@/local/stripe/subscriptions/add-invoice-items";
import type { NewSubscription } from "@/local/stripe/subscriptions/build-subscription";
import { readTrialEnd } from "@/local/stripe/subscriptions/trial";
import { readTaxRates } from "@/local/stripe/tax/read-tax-rates";
import type { CheckoutSessionPlan } from "./session-plan";

/** The subscription a session starts: recurring lines are its items, one-time lines go onto its first invoice. */
export function subscriptionOfSession(
  context: Context,
  session: Stripe.Checkout.Session,
  plan: CheckoutSessionPlan,
  customer: Stripe.Customer,
): NewSubscription {
  const { subscriptionData: data } = plan;
  return {
    customer,
    items: linesOf(context, plan, "recurring").map(({ price, quantity, metadata, taxRates }) => ({
      price,
      quantity,
      metadata,
      taxRates,
      // The session promised the price when it was made.
      mayBeInactive: true,
    })),
    currency: session.currency ?? "usd",
    // The trial counts from now, not from when the session was opened.
    trialEnd: readTrialEnd(context, {
      ...(data.trialPeriodDays === null ? {} : { trial_period_days: data.trialPeriodDays }),
      ...(data.trialEnd === null ? {} : { trial_end: data.trialEnd }),
    }),
    defaultPaymentMethod: null,
    metadata: data.metadata,
    description: data.description,
    trialSettings: data.trialSettings,
    savesDefaultPaymentMethod: false,
    cancellation: {},
    anchor: data.anchor,
    prorationBehavior: data.prorationBehavior,
    discounts: plan.discounts,
    defaultTaxRates: readTaxRates(
      context,
      data.defaultTaxRates,
      "subscription_data[default_tax_rates]",
      true,
    ),
    automaticTax: session.automatic_tax.enabled,
    addInvoiceItems: linesOf(context, plan, "one_time"),
  };
}

/** The lines of one kind, with their prices as they were when the session was made. */
export function linesOf(context: Context, plan: CheckoutSessionPlan, type: Stripe.Price.Type): AddedItem[] {
  return plan.lineItems.flatMap((line) => {
    // The buyer may have set a quantity to nothing.
    if (line.price?.type !== type || line.quantity === 0) return [];
    return [
      {
        price: line.price,
        quantity: line.quantity ?? 1,
        discountable: true,
        metadata: line.metadata ?? {},
        taxRates: (plan.taxRates[line.id] ?? []).map((id) =>
          getByParam(context, "tax_rate", id, "tax_rates"),
        ),
      },
    ];
  });
}
