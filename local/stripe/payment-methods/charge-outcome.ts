import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { findForcedDecline } from "@/local/stripe/lab/forced-declines";
import { idOf } from "@/local/stripe/references";
import { readHidden } from "@/local/stripe/store/store";
import { authenticationStep, type CardUse } from "./authentication";
import { isExpired } from "./check-card-number";
import { AUTHENTICATION_REQUIRED, type ChargeOutcome, EXPIRED, GENERIC_DECLINE } from "./declines";

/**
 * How a charge would end now if nobody were asked to authenticate: what the test card is for, `authentication_required`
 * where its holder would have to be asked, and no to a card whose month is over.
 */
export function chargeOutcome(
  context: Context,
  method: Stripe.PaymentMethod,
  use: CardUse = { isOffSession: true },
): ChargeOutcome {
  const secrets = readHidden(context.store, "payment_method", method.id);
  const step = authenticationStep(secrets, use);
  if (step === "lookup_fails") return GENERIC_DECLINE;
  if (step !== "none") return AUTHENTICATION_REQUIRED;
  const forced = method.customer && findForcedDecline(context.store, idOf(method.customer));
  return forced || bankOutcome(context, method);
}

/** What the bank says once authentication is done with. */
export function bankOutcome(context: Context, method: Stripe.PaymentMethod): ChargeOutcome {
  const { onCharge } = readHidden(context.store, "payment_method", method.id);
  if (onCharge) return onCharge;
  const { card } = method;
  return card && isExpired(card.exp_month, card.exp_year, context.now) ? EXPIRED : null;
}

/** How saving a card for later would end now if nobody were asked to authenticate. */
export function setupOutcome(
  context: Context,
  method: Stripe.PaymentMethod,
  use: CardUse = { isOffSession: false },
): ChargeOutcome {
  const secrets = readHidden(context.store, "payment_method", method.id);
  const step = authenticationStep(secrets, use);
  if (step === "lookup_fails") return GENERIC_DECLINE;
  return step === "none" ? secrets.onSetup : AUTHENTICATION_REQUIRED;
}
