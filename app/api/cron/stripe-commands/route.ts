import { cronRoute } from "@/lib/http/routes";
import { sweepStripeCommands } from "@/lib/services/stripe-commands/sweep-stripe-commands";

/** Every minute: writes that Stripe has not answered yet. */
export const POST = cronRoute((ctx) => sweepStripeCommands(ctx, { limit: 50 }));
export const GET = POST;
