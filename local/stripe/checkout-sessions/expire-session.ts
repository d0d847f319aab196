import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { cancelPaymentIntent } from "@/local/stripe/payment-intents/cancel-payment-intent";
import { getByPath } from "@/local/stripe/references";
import { readHidden, saveObject } from "@/local/stripe/store/store";
import { forgetDue } from "@/local/stripe/time/due";
import { giveUpPending } from "./submit-session";

/** How long an expired session can be recovered. https://docs.stripe.com/payments/checkout/abandoned-carts */
const RECOVERY_SECONDS = 30 * 24 * 60 * 60;

/**
 * Ends an open session, on request or by time; what was begun with it ends too.
 * https://docs.stripe.com/api/checkout/sessions/expire
 * @throws StripeApiError 400 when it is complete or already expired.
 */
export function expireSession(context: Context, session: Stripe.Checkout.Session): Stripe.Checkout.Session {
  if (session.status !== "open") {
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
    );
  }
  giveUpPending(context, session);
  cancelTriedIntent(context, session);
  const expired: Stripe.Checkout.Session = {
    ...session,
    after_expiration: recoverable(context, session),
    status: "expired",
    url: null,
  };
  saveObject(context.store, "checkout.session", expired);
  forgetDue(context.store, session.id);
  emitEvent(context, "checkout.session.expired", expired);
  return expired;
}

function cancelTriedIntent(context: Context, session: Stripe.Checkout.Session): void {
  const { triedIntent } = readHidden(context.store, "checkout.session", session.id);
  if (triedIntent === null) return;
  const intent = getByPath(context, "payment_intent", triedIntent);
  if (intent.status === "requires_payment_method" || intent.status === "requires_action") {
    cancelPaymentIntent(context, intent, "automatic");
  }
}

/** The link that opens a copy of the session. */
function recoverable(
  context: Context,
  { id, after_expiration: after }: Stripe.Checkout.Session,
): Stripe.Checkout.Session.AfterExpiration | null {
  if (!after?.recovery?.enabled) return after;
  const url = `${context.baseUrl}/c/pay/${id}/recover`;
  return { recovery: { ...after.recovery, expires_at: context.now + RECOVERY_SECONDS, url } };
}
