import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { readHidden } from "@/local/stripe/store/store";
import { isExpired } from "./check-card-number";
import { type ChargeOutcome, EXPIRED } from "./test-cards";

/** What the bank says to a charge now: what the test card is for, and no to a card whose month is over. */
export function chargeOutcome(context: Context, method: Stripe.PaymentMethod): ChargeOutcome {
  const { onCharge } = readHidden(context.store, "payment_method", method.id);
  if (onCharge) return onCharge;
  const { card } = method;
  return card && isExpired(card.exp_month, card.exp_year, context.now) ? EXPIRED : null;
}
