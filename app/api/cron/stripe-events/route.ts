import { cronRoute } from "@/lib/http/routes";
import { sweepStripeEvents } from "@/lib/services/stripe-events/process-stripe-events";

/** Every minute: events that nobody processed yet, or that failed and are due again. */
export const POST = cronRoute((ctx) => sweepStripeEvents(ctx, { limit: 100 }));
/** Vercel's scheduler asks by GET. */
export const GET = POST;
