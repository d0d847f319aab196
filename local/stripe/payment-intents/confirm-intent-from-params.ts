import type Stripe from "stripe";
import { checkDebit } from "@/local/stripe/bank-debits/check-debit";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest, type StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { acceptanceOf } from "@/local/stripe/mandates/mandate-params";
import { authenticatedByChallenge } from "@/local/stripe/payment-methods/authentication";
import { attemptRefusal } from "@/local/stripe/payment-methods/decline-error";
import { getByPath, idOf } from "@/local/stripe/references";
import { readHidden, saveHidden } from "@/local/stripe/store/store";
import { applyIntentParams } from "./apply-intent-params";
import { chargeIntent } from "./charge-intent";
import { type Confirmation, confirmPaymentIntent } from "./confirm-payment-intent";
import { followIntent } from "./follow-intent";
import { clientView } from "./intent-access";
import type { intentConfirmParams } from "./payment-intent-params";
import { unexpectedState } from "./unexpected-state";

type Params = Omit<ParamsOf<typeof intentConfirmParams>, "client_secret">;

const CONFIRMABLE = ["requires_confirmation", "requires_payment_method", "requires_action"] as const;

/** https://docs.stripe.com/api/payment_intents/confirm */
export function confirmIntentFromParams(
  context: Context,
  before: Stripe.PaymentIntent,
  params: Params,
): Stripe.PaymentIntent | StripeApiError {
  if (before.status === "succeeded") {
    throw unexpectedState(
      "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.",
      before,
    );
  }
  if (!CONFIRMABLE.some((status) => status === before.status)) {
    throw unexpectedState(
      `You cannot confirm this PaymentIntent because it has a status of ${before.status}. Only a PaymentIntent with one ` +
        `of the following statuses may be confirmed: ${CONFIRMABLE.join(", ")}.`,
      before,
    );
  }
  if (context.request.isPublishable && before.confirmation_method === "manual") {
    throw invalidRequest(
      "This PaymentIntent cannot be confirmed using your publishable key because its `confirmation_method` is set to " +
        "`manual`. Please use your secret key instead, or create a PaymentIntent with `confirmation_method` set to " +
        "`automatic`.",
    );
  }
  return attemptIntent(context, applyIntentParams(context, before, params), params);
}

/** One attempt to pay with the method the intent has, and what the caller is told of it. */
export function attemptIntent(
  context: Context,
  intent: Stripe.PaymentIntent,
  params: Params,
): Stripe.PaymentIntent | StripeApiError {
  if (intent.payment_method === null) {
    throw unexpectedState(
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the " +
        "PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment " +
        "method or ConfirmationToken.",
      intent,
    );
  }
  checkReturnUrl(intent, params);
  const method = getByPath(context, "payment_method", idOf(intent.payment_method));
  checkDebit(context, intent, method, acceptanceOf(context, params.mandate_data));
  const attempted = attempt(context, intent, method, params);
  const followed = followIntent(context, attempted);
  const error = followed.last_payment_error;
  return error ? attemptRefusal(error, { payment_intent: clientView(context, followed) }) : followed;
}

/** An intent that is confirmed by the server a second time was authenticated in between. */
function attempt(
  context: Context,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  params: Params,
): Stripe.PaymentIntent {
  const isAgain =
    readHidden(context.store, "payment_intent", intent.id).isAuthenticated &&
    params.payment_method === undefined &&
    params.payment_method_data === undefined;
  if (!isAgain) return confirmPaymentIntent(context, intent, method, confirmationOf(params));
  saveHidden(context.store, "payment_intent", intent.id, { isAuthenticated: false });
  return chargeIntent(context, intent, method, { threeDSecure: authenticatedByChallenge() });
}

function confirmationOf(params: Params): Confirmation {
  const isOffSession = params.off_session ?? false;
  return {
    isOffSession,
    onChallenge: isOffSession ? "decline" : params.error_on_requires_action ? "refuse" : "ask",
    returnUrl: params.use_stripe_sdk ? null : (params.return_url ?? null),
  };
}

/** Methods enabled in the dashboard may redirect, so there must be a way back. https://docs.stripe.com/error-codes */
function checkReturnUrl(intent: Stripe.PaymentIntent, params: Params): void {
  const { automatic_payment_methods: automatic } = intent;
  if (!automatic?.enabled || automatic.allow_redirects === "never") return;
  if (params.return_url !== undefined || params.use_stripe_sdk || params.off_session) return;
  throw invalidRequest(
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these " +
      "payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't " +
      "want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and " +
      "`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
  );
}
