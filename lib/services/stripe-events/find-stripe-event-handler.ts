import { checkoutSessionCompleted } from "./checkout.session.completed";
import { customerSubscriptionCreated } from "./customer.subscription.created";
import { customerSubscriptionDeleted } from "./customer.subscription.deleted";
import { customerSubscriptionUpdated } from "./customer.subscription.updated";
import { invoicePaid } from "./invoice.paid";
import { invoicePaymentFailed } from "./invoice.payment_failed";
import type { StripeEventHandler } from "./stripe-event-handler";

/** One file per event, named after it. Types that are not here are stored as ignored and answered 200. */
const HANDLERS = new Map<string, StripeEventHandler>([
  ["checkout.session.completed", checkoutSessionCompleted],
  ["customer.subscription.created", customerSubscriptionCreated],
  ["customer.subscription.updated", customerSubscriptionUpdated],
  ["customer.subscription.deleted", customerSubscriptionDeleted],
  ["invoice.paid", invoicePaid],
  ["invoice.payment_failed", invoicePaymentFailed],
]);

/** What the webhook endpoint at Stripe has to be subscribed to. */
export const HANDLED_EVENT_TYPES: readonly string[] = [...HANDLERS.keys()];

export function findStripeEventHandler(type: string): StripeEventHandler | null {
  return HANDLERS.get(type) ?? null;
}
