import type { StripeEventHandler } from "./stripe-event-handler";

/** A subscription ended: its grant ends with it and the customer is on the free plan again. (S0-48, S1-56) */
export const customerSubscriptionDeleted: StripeEventHandler = { concerns: ["subscription", "access"] };
