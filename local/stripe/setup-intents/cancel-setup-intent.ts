import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { saveObject } from "@/local/stripe/store/store";
import { checkSetupIsOpen } from "./check-setup-is-open";

/** https://docs.stripe.com/api/setup_intents/cancel */
export function cancelSetupIntent(
  context: Context,
  before: Stripe.SetupIntent,
  reason: Stripe.SetupIntent.CancellationReason | null,
): Stripe.SetupIntent {
  checkSetupIsOpen(before, "cancel");
  const intent: Stripe.SetupIntent = {
    ...before,
    cancellation_reason: reason,
    next_action: null,
    status: "canceled",
  };
  saveObject(context.store, "setup_intent", intent);
  emitEvent(context, "setup_intent.canceled", intent);
  return intent;
}
