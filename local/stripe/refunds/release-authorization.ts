import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { newId } from "@/local/stripe/ids";
import { insertObject } from "@/local/stripe/store/store";
import { addToRefunded, buildRefund } from "./create-refund";

/**
 * Lets go of an authorized payment that was not captured: a refund of the whole that moves no balance.
 * https://docs.stripe.com/refunds#cancel-payment
 */
export function releaseAuthorization(
  context: Context,
  charge: Stripe.Charge,
  reason: Stripe.Refund.Reason | null,
  metadata: Record<string, string> = {},
): Stripe.Charge {
  const refund = releaseOf(context, charge, reason, metadata);
  const released = addToRefunded(context, charge, refund);
  emitEvent(context, "refund.created", refund);
  return released;
}

function releaseOf(
  context: Context,
  charge: Stripe.Charge,
  reason: Stripe.Refund.Reason | null,
  metadata: Record<string, string>,
): Stripe.Refund {
  const refund: Stripe.Refund = {
    ...buildRefund(context, newId("re"), charge, { amount: charge.amount, reason, metadata }),
    destination_details: { card: { type: "reversal" }, type: "card" },
  };
  insertObject(context.store, "refund", refund, {});
  return refund;
}
