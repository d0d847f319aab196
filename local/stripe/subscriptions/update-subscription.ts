import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getAttachedPaymentMethod } from "@/local/stripe/payment-methods/attach-payment-method";
import { getByPath, idOf } from "@/local/stripe/references";
import { readTrialSettings } from "./create-subscription";
import { hasEnded } from "./list-live-subscriptions";
import { planCancellation, withCancellation } from "./schedule-cancellation";
import type { subscriptionUpdateParams } from "./subscription-params";

type Params = ParamsOf<typeof subscriptionUpdateParams>;

/** Changes what may change without billing anything. https://docs.stripe.com/api/subscriptions/update */
export function updateSubscription(context: Context, id: string, params: Params): Stripe.Subscription {
  const before = getByPath(context, "subscription", id);
  if (hasEnded(before)) checkOnlyHarmlessFields(before, params);
  const method = params.default_payment_method;
  if (method !== undefined) {
    getAttachedPaymentMethod(context, method, idOf(before.customer), "default_payment_method");
  }
  const withFields: Stripe.Subscription = {
    ...before,
    default_payment_method: method ?? before.default_payment_method,
    description: params.description === undefined ? before.description : params.description,
    metadata: mergeMetadata(before.metadata, params.metadata),
    trial_settings: params.trial_settings ? readTrialSettings(params.trial_settings) : before.trial_settings,
    payment_settings: before.payment_settings && {
      ...before.payment_settings,
      save_default_payment_method:
        params.payment_settings?.save_default_payment_method ??
        before.payment_settings.save_default_payment_method,
    },
  };
  const scheduled = withCancellation(context, withFields, params);
  const subscription = withNote(scheduled, params.cancellation_details);
  if (subscription.cancel_at !== before.cancel_at) planCancellation(context, subscription);
  saveAndTell(context, "subscription", subscription, before, "customer.subscription.updated");
  return subscription;
}

function withNote(
  subscription: Stripe.Subscription,
  note: Params["cancellation_details"],
): Stripe.Subscription {
  if (!note) return subscription;
  const before = subscription.cancellation_details;
  return {
    ...subscription,
    cancellation_details: {
      comment: note.comment === undefined ? (before?.comment ?? null) : note.comment,
      feedback: note.feedback === undefined ? (before?.feedback ?? null) : note.feedback,
      feedback_option: null,
      reason: before?.reason ?? null,
    },
  };
}

/** After its end a subscription takes only notes about it. */
function checkOnlyHarmlessFields(subscription: Stripe.Subscription, params: Params): void {
  const { metadata, cancellation_details, ...others } = params;
  if (Object.keys(others).length === 0) return;
  throw invalidRequest(
    "A canceled subscription can only update its cancellation_details and metadata. " +
      `The subscription ${subscription.id} is ${subscription.status}.`,
  );
}
