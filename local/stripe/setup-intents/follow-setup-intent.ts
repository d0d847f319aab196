import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { idOf } from "@/local/stripe/references";
import { fieldEquals, listAllObjects, ofCustomer } from "@/local/stripe/store/list-objects";

/**
 * A subscription that waited for this setup waits no longer, and is charged to the card from now on if it asks for that.
 * https://docs.stripe.com/api/subscriptions/object#subscription_object-pending_setup_intent
 */
export function followSetupIntent(context: Context, intent: Stripe.SetupIntent): Stripe.SetupIntent {
  if (intent.status !== "succeeded" || intent.customer === null) return intent;
  const waiting = listAllObjects(context.store, "subscription", [
    ofCustomer(idOf(intent.customer)),
    fieldEquals("$.pending_setup_intent", intent.id),
  ]);
  for (const before of waiting) {
    const savesMethod = before.payment_settings?.save_default_payment_method === "on_subscription";
    const subscription: Stripe.Subscription = {
      ...before,
      ...(savesMethod ? { default_payment_method: intent.payment_method } : {}),
      pending_setup_intent: null,
    };
    saveAndTell(context, "subscription", subscription, before, "customer.subscription.updated");
  }
  return intent;
}
