import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { getByPath, idOf } from "@/local/stripe/references";
import { fieldEquals, listAllObjects, ofCustomer } from "@/local/stripe/store/list-objects";

/** A charge's refunds, newest first. */
export function refundsOfCharge(context: Context, chargeId: string): Stripe.Refund[] {
  const { customer } = getByPath(context, "charge", chargeId);
  return listAllObjects(context.store, "refund", [
    // The customer is what objects are found by fastest.
    ...(customer === null ? [] : [ofCustomer(idOf(customer))]),
    fieldEquals("$.charge", chargeId),
  ]);
}
