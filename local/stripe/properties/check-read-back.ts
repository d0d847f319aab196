import type Stripe from "stripe";
import { expect } from "vitest";
import { idOf } from "@/local/stripe/references";
import { type Life, type Outcome, plain } from "./life";

type Retrieve = (stripe: Stripe, id: string) => Promise<unknown>;

/** How each kind of object is read by its id. */
const RETRIEVE: Record<string, Retrieve> = {
  balance_transaction: (stripe, id) => stripe.balanceTransactions.retrieve(id),
  "billing.credit_balance_transaction": (stripe, id) => stripe.billing.creditBalanceTransactions.retrieve(id),
  "billing.credit_grant": (stripe, id) => stripe.billing.creditGrants.retrieve(id),
  "billing.meter": (stripe, id) => stripe.billing.meters.retrieve(id),
  "billing_portal.configuration": (stripe, id) => stripe.billingPortal.configurations.retrieve(id),
  charge: (stripe, id) => stripe.charges.retrieve(id),
  "checkout.session": (stripe, id) => stripe.checkout.sessions.retrieve(id),
  coupon: (stripe, id) => stripe.coupons.retrieve(id),
  credit_note: (stripe, id) => stripe.creditNotes.retrieve(id),
  customer: (stripe, id) => stripe.customers.retrieve(id),
  dispute: (stripe, id) => stripe.disputes.retrieve(id),
  event: (stripe, id) => stripe.events.retrieve(id),
  invoice: (stripe, id) => stripe.invoices.retrieve(id),
  invoice_payment: (stripe, id) => stripe.invoicePayments.retrieve(id),
  invoiceitem: (stripe, id) => stripe.invoiceItems.retrieve(id),
  mandate: (stripe, id) => stripe.mandates.retrieve(id),
  payment_intent: (stripe, id) => stripe.paymentIntents.retrieve(id),
  payment_method: (stripe, id) => stripe.paymentMethods.retrieve(id),
  price: (stripe, id) => stripe.prices.retrieve(id),
  product: (stripe, id) => stripe.products.retrieve(id),
  promotion_code: (stripe, id) => stripe.promotionCodes.retrieve(id),
  refund: (stripe, id) => stripe.refunds.retrieve(id),
  setup_intent: (stripe, id) => stripe.setupIntents.retrieve(id),
  subscription: (stripe, id) => stripe.subscriptions.retrieve(id),
  subscription_item: (stripe, id) => stripe.subscriptionItems.retrieve(id),
  subscription_schedule: (stripe, id) => stripe.subscriptionSchedules.retrieve(id),
  tax_id: (stripe, id) => stripe.taxIds.retrieve(id),
  tax_rate: (stripe, id) => stripe.taxRates.retrieve(id),
  "test_helpers.test_clock": (stripe, id) => stripe.testHelpers.testClocks.retrieve(id),
  token: (stripe, id) => stripe.tokens.retrieve(id),
  webhook_endpoint: (stripe, id) => stripe.webhookEndpoints.retrieve(id),
};

/** Kinds that are told but never asked for by themselves. */
const NEVER_READ = ["billing.meter_event", "billing.meter_event_adjustment"];

/** Fields only the answer to a creation has. https://docs.stripe.com/api/webhook_endpoints/object */
const TOLD_ONCE: Record<string, readonly string[]> = { webhook_endpoint: ["secret"] };

/** Reads again what a call answered; a refusal has nothing to read. */
export async function checkReadBack({ stripe }: Pick<Life, "stripe">, outcome: Outcome): Promise<void> {
  if ("answer" in outcome) await expectReadBack(stripe, outcome.answer);
}

/** Asserts that the object, read by its id, is the one that was answered. */
export async function expectReadBack(stripe: Stripe, answer: unknown): Promise<void> {
  // Every answer of Stripe's has a kind, and all but reports of usage an id.
  const told = plain(answer) as Record<string, unknown> & { object: string; id: string };
  if (NEVER_READ.includes(told.object)) return;
  const known = { ...told };
  for (const field of TOLD_ONCE[told.object] ?? []) delete known[field];
  expect(plain(await read(stripe, known))).toEqual(known);
}

function read(stripe: Stripe, { object, id, ...rest }: Record<string, unknown>): Promise<unknown> {
  if (object === "customer_balance_transaction") {
    return stripe.customers.retrieveBalanceTransaction(String(rest.customer), String(id));
  }
  const retrieve = RETRIEVE[String(object)];
  if (!retrieve) throw new Error(`It is not said how a ${object} is read.`);
  return retrieve(stripe, idOf(String(id)));
}
