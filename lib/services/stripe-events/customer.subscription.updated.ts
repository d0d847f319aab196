import type { StripeEventHandler } from "./stripe-event-handler";

/** Status, period, price or cancellation of a subscription changed: it is read again whole. (S0-47) */
export const customerSubscriptionUpdated: StripeEventHandler = { concerns: ["subscription", "access"] };
