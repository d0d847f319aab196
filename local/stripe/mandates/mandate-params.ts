import type { Context } from "@/local/stripe/context";
import { hash, oneOf, type ParamsOf, required, text, timestamp } from "@/local/stripe/http/params";
import type { Acceptance } from "./mandate-of";

const mandateShape = {
  customer_acceptance: required(
    hash({
      accepted_at: timestamp(),
      offline: hash({}),
      online: hash({ ip_address: text(), user_agent: text() }),
      type: required(oneOf("offline", "online")),
    }),
  ),
};

/** How a customer agreed to be debited. https://docs.stripe.com/api/payment_intents/confirm#confirm_payment_intent-mandate_data */
export const mandateDataParam = hash(mandateShape);

/** What a call says was accepted; a customer who confirms by Stripe.js accepts by doing so. */
export function acceptanceOf(
  context: Context,
  data: ParamsOf<typeof mandateShape> | undefined,
): Acceptance | null {
  if (data) {
    const { accepted_at: acceptedAt, online, type } = data.customer_acceptance;
    return {
      type,
      acceptedAt: acceptedAt ?? context.now,
      ip: online?.ip_address ?? null,
      userAgent: online?.user_agent ?? null,
    };
  }
  if (!context.request.isPublishable) return null;
  return { type: "online", acceptedAt: context.now, ip: null, userAgent: null };
}
