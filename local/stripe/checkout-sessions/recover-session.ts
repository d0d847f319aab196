import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { newId } from "@/local/stripe/ids";
import { idOf } from "@/local/stripe/references";
import { findObject, readHidden } from "@/local/stripe/store/store";
import { openSession } from "./create-session";

const DAY_SECONDS = 24 * 60 * 60;

/**
 * Opens a copy of an expired session, as its recovery link does.
 * https://docs.stripe.com/payments/checkout/abandoned-carts
 * @returns null when the link was never given or its time is over.
 */
export function recoverSession(
  context: Context,
  expired: Stripe.Checkout.Session,
): Stripe.Checkout.Session | null {
  const recovery = expired.after_expiration?.recovery;
  if (!recovery?.url || (recovery.expires_at ?? 0) <= context.now) return null;
  const customer = expired.customer === null ? null : idOf(expired.customer);
  if (customer !== null && !findObject(context.store, "customer", customer)) return null;
  const plan = readHidden(context.store, "checkout.session", expired.id);
  const id = newId("cs_test");
  return openSession(
    context,
    {
      ...expired,
      id,
      after_expiration: { recovery: { ...recovery, expires_at: null, url: null } },
      allow_promotion_codes: recovery.allow_promotion_codes || expired.allow_promotion_codes,
      created: context.now,
      expires_at: context.now + DAY_SECONDS,
      payment_intent: null,
      recovered_from: expired.id,
      status: "open",
      url: `${context.baseUrl}/c/pay/${id}`,
    },
    { ...plan, triedIntent: null, pending: null },
  );
}
