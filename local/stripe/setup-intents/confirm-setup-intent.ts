import type Stripe from "stripe";
import { requireMandate } from "@/local/stripe/bank-debits/check-debit";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest, type StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { acceptanceOf } from "@/local/stripe/mandates/mandate-params";
import { clientView } from "@/local/stripe/payment-intents/intent-access";
import { attemptRefusal } from "@/local/stripe/payment-methods/decline-error";
import { getByPath, idOf } from "@/local/stripe/references";
import { applySetupParams } from "./apply-setup-params";
import { attemptSetup } from "./attempt-setup";
import { checkSetupIsOpen, unexpectedSetupState } from "./check-setup-is-open";
import { followSetupIntent } from "./follow-setup-intent";
import type { setupConfirmParams } from "./setup-intent-params";

type ConfirmParams = Omit<ParamsOf<typeof setupConfirmParams>, "client_secret">;

/** https://docs.stripe.com/api/setup_intents/confirm */
export function confirmSetupIntent(
  context: Context,
  before: Stripe.SetupIntent,
  params: ConfirmParams,
): Stripe.SetupIntent | StripeApiError {
  checkSetupIsOpen(before, "confirm");
  return trySetup(context, applySetupParams(context, before, params), params);
}

/** One attempt with the method the intent has; a failed one is answered as an error and stands. */
export function trySetup(
  context: Context,
  intent: Stripe.SetupIntent,
  params: ConfirmParams,
): Stripe.SetupIntent | StripeApiError {
  if (intent.payment_method === null) {
    throw unexpectedSetupState(
      "You cannot confirm this SetupIntent because it's missing a payment method. Update the SetupIntent with a payment " +
        "method and then confirm it again.",
      intent,
    );
  }
  checkReturnUrl(intent, params);
  const method = getByPath(context, "payment_method", idOf(intent.payment_method));
  requireMandate(context, method, acceptanceOf(context, params.mandate_data), "SetupIntent");
  const returnUrl = params.use_stripe_sdk ? null : (params.return_url ?? null);
  const attempted = followSetupIntent(context, attemptSetup(context, intent, method, returnUrl));
  const error = attempted.last_setup_error;
  return error ? attemptRefusal(error, { setup_intent: clientView(context, attempted) }) : attempted;
}

function checkReturnUrl(intent: Stripe.SetupIntent, params: ConfirmParams): void {
  const { automatic_payment_methods: automatic } = intent;
  if (!automatic?.enabled || automatic.allow_redirects === "never") return;
  if (params.return_url !== undefined || params.use_stripe_sdk) return;
  throw invalidRequest(
    "This SetupIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment " +
      "methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to " +
      "accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and " +
      "`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
  );
}
