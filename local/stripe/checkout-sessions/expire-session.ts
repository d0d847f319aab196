import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { saveObject } from "@/local/stripe/store/store";
import { forgetDue } from "@/local/stripe/time/due";

/**
 * Ends an open session, on request or by time. https://docs.stripe.com/api/checkout/sessions/expire
 * @throws StripeApiError 400 when it is complete or already expired.
 */
export function expireSession(context: Context, session: Stripe.Checkout.Session): Stripe.Checkout.Session {
  if (session.status !== "open") {
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
    );
  }
  const expired: Stripe.Checkout.Session = { ...session, status: "expired", url: null };
  saveObject(context.store, "checkout.session", expired);
  forgetDue(context.store, session.id);
  emitEvent(context, "checkout.session.expired", expired);
  return expired;
}
