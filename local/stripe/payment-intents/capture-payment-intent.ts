import type Stripe from "stripe";
import { captureCharge } from "@/local/stripe/charges/capture-charge";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByPath, idOf } from "@/local/stripe/references";
import { saveObject } from "@/local/stripe/store/store";
import { forgetDue } from "@/local/stripe/time/due";
import { followIntent } from "./follow-intent";
import type { intentCaptureParams } from "./payment-intent-params";
import { unexpectedState } from "./unexpected-state";

/**
 * Takes what was authorized, or part of it; the rest goes back to the customer.
 * https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
 */
export function capturePaymentIntent(
  context: Context,
  before: Stripe.PaymentIntent,
  params: ParamsOf<typeof intentCaptureParams>,
): Stripe.PaymentIntent {
  checkCanBeCaptured(before);
  const amount = params.amount_to_capture ?? before.amount_capturable;
  if (amount > before.amount_capturable) {
    throw invalidRequest(
      `The amount to capture (${amount}) is greater than the amount that can be captured from this PaymentIntent ` +
        `(${before.amount_capturable}).`,
      { code: "amount_too_large", param: "amount_to_capture" },
    );
  }
  if (params.final_capture === false) {
    throw invalidRequest(
      "This PaymentIntent is not eligible for multicapture. `final_capture` can only be false where the charge's " +
        "`payment_method_details[card][multicapture][status]` is `available`.",
      { param: "final_capture" },
    );
  }
  forgetDue(context.store, before.id, "expire_authorization");
  captureCharge(context, chargeOf(context, before), amount);
  const intent: Stripe.PaymentIntent = {
    ...before,
    amount_capturable: 0,
    amount_received: amount,
    metadata: mergeMetadata(before.metadata, params.metadata),
    statement_descriptor_suffix: params.statement_descriptor_suffix ?? before.statement_descriptor_suffix,
    status: "succeeded",
  };
  saveObject(context.store, "payment_intent", intent);
  emitEvent(context, "payment_intent.succeeded", intent);
  return followIntent(context, intent);
}

/** The charge an intent was paid or authorized with. */
export function chargeOf(context: Context, intent: Stripe.PaymentIntent): Stripe.Charge {
  if (intent.latest_charge === null) throw new Error(`${intent.id} has no charge.`);
  return getByPath(context, "charge", idOf(intent.latest_charge));
}

function checkCanBeCaptured(intent: Stripe.PaymentIntent): void {
  if (intent.status === "requires_capture") return;
  const reason =
    intent.status === "succeeded"
      ? "it has already been captured."
      : `it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: ` +
        "requires_capture.";
  throw unexpectedState(`This PaymentIntent could not be captured because ${reason}`, intent);
}
