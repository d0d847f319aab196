/**
 * How long a draft that advances by itself stays one. Stripe counts from when `invoice.created` was answered; see
 * hold-draft.ts. https://docs.stripe.com/billing/subscriptions/webhooks#successful-invoice-finalization
 */
export const DRAFT_SECONDS = 60 * 60;
