import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { saveObject } from "@/local/stripe/store/store";
import { applyIntentParams } from "./apply-intent-params";
import type { intentUpdateParams } from "./payment-intent-params";
import { unexpectedState } from "./unexpected-state";

type Params = Omit<ParamsOf<typeof intentUpdateParams>, "client_secret">;

/** What only an intent that is not paid yet can have changed. */
const BEFORE_PAYMENT = [
  "amount",
  "capture_method",
  "currency",
  "customer",
  "payment_method",
  "payment_method_data",
  "payment_method_options",
  "setup_future_usage",
] as const;

const CHANGEABLE = ["requires_payment_method", "requires_confirmation", "requires_action"] as const;

/** Changes an intent; nobody is told by an event. https://docs.stripe.com/api/payment_intents/update */
export function updatePaymentIntent(
  context: Context,
  before: Stripe.PaymentIntent,
  params: Params,
): Stripe.PaymentIntent {
  const isOpen = CHANGEABLE.some((status) => status === before.status);
  const frozen = BEFORE_PAYMENT.find((name) => params[name] !== undefined);
  if (!isOpen && frozen !== undefined) {
    throw unexpectedState(
      `This PaymentIntent's ${frozen} could not be updated because it has a status of ${before.status}. You may only ` +
        `update the ${frozen} of a PaymentIntent with one of the following statuses: ${CHANGEABLE.join(", ")}.`,
      before,
    );
  }
  const intent = applyIntentParams(context, before, params);
  saveObject(context.store, "payment_intent", intent);
  return intent;
}
