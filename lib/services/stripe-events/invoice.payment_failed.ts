import type { StripeEventHandler } from "./stripe-event-handler";

/**
 * An attempt to collect failed. The grace period counts from the first failed attempt of the oldest unpaid
 * invoice, which is read from the invoice, not from this event. (S0-27, S0-49)
 */
export const invoicePaymentFailed: StripeEventHandler = { concerns: ["invoice", "subscription", "access"] };
