import { after } from "next/server";
import { readBody } from "@/lib/http/parse-input";
import { webhookRoute } from "@/lib/http/routes";
import { processStripeEvents } from "@/lib/services/stripe-events/process-stripe-events";
import { receiveStripeEvent } from "@/lib/services/stripe-events/receive-stripe-event";

/** Verified, stored, answered; then processed. What dies before the processing is swept by /api/cron/stripe-events. */
export const POST = webhookRoute(async (ctx, request) => {
  const received = await receiveStripeEvent(ctx, {
    body: await readBody(request),
    signature: request.headers.get("stripe-signature"),
  });
  const { stripeCustomerId } = received;
  if (stripeCustomerId) after(() => processStripeEvents(ctx, { stripeCustomerId }));
  return { received: true };
});
