import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { readHidden } from "@/local/stripe/store/store";
import { warnOfFraud } from "./early-fraud-warnings";
import { openDispute } from "./open-dispute";

/**
 * What follows a payment made with a test card for disputes, as soon as money was taken; all others stay as they are.
 * https://docs.stripe.com/testing#disputes
 */
export function followCapturedCharge(context: Context, charge: Stripe.Charge): Stripe.Charge {
  if (charge.payment_method === null) return charge;
  const { aftermath } = readHidden(context.store, "payment_method", charge.payment_method);
  const amount = charge.amount_captured;
  switch (aftermath) {
    case "disputed_as_fraudulent":
      return openDispute(context, charge, { reason: "fraudulent", amount, isInquiry: false }).charge;
    case "disputed_as_not_received":
      return openDispute(context, charge, { reason: "product_not_received", amount, isInquiry: false })
        .charge;
    case "inquired":
      return openDispute(context, charge, { reason: "fraudulent", amount, isInquiry: true }).charge;
    case "fraud_warning":
      warnOfFraud(context, charge);
      return charge;
    default:
      return charge;
  }
}
