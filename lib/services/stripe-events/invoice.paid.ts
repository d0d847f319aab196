import type { StripeEventHandler } from "./stripe-event-handler";

/** An invoice is settled, by whatever means. It closes a grace period and shows in the billing history. */
export const invoicePaid: StripeEventHandler = { concerns: ["invoice", "subscription", "access"] };
