import type { StripeEventHandler } from "./stripe-event-handler";

/**
 * A checkout was paid, or began a trial. The subscription it made is read with all others of the customer;
 * the checkout itself is closed here, so that the next one starts afresh.
 * https://docs.stripe.com/api/events/types#event_types-checkout.session.completed
 */
export const checkoutSessionCompleted: StripeEventHandler = {
  concerns: ["checkout", "subscription", "invoice"],
};
