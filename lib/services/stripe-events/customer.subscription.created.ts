import type { StripeEventHandler } from "./stripe-event-handler";

/** A subscription exists: it is mirrored, and if it is live its plan is granted. (S0-46, S1-55) */
export const customerSubscriptionCreated: StripeEventHandler = { concerns: ["subscription", "access"] };
