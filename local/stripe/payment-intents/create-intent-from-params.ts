import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest, type StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { applyIntentParams } from "./apply-intent-params";
import { attemptIntent } from "./confirm-intent-from-params";
import { buildPaymentIntent, recordPaymentIntent } from "./create-payment-intent";
import type { intentCreateParams } from "./payment-intent-params";

type Params = ParamsOf<typeof intentCreateParams>;

/** Parameters of a confirmation, which mean nothing without one. */
const NEED_CONFIRM = ["error_on_requires_action", "mandate_data", "off_session", "return_url"] as const;

/**
 * Creates an intent through the API, and confirms it at once if asked to. A decline is answered as an error and leaves
 * the intent behind. https://docs.stripe.com/api/payment_intents/create
 */
export function createIntentFromParams(
  context: Context,
  params: Params,
): Stripe.PaymentIntent | StripeApiError {
  checkCombination(params);
  const built = buildPaymentIntent(context, {
    amount: params.amount,
    currency: params.currency,
    customer: null,
    description: null,
    metadata: {},
    receiptEmail: null,
    setupFutureUsage: null,
    statementDescriptor: null,
    overrides: {
      automatic_payment_methods: automaticMethods(params),
      capture_method: "automatic_async",
      confirmation_method: params.confirmation_method ?? "automatic",
    },
  });
  const intent = recordPaymentIntent(context, applyIntentParams(context, built, params));
  return params.confirm ? attemptIntent(context, intent, params) : intent;
}

function checkCombination(params: Params): void {
  for (const name of NEED_CONFIRM) {
    if (params[name] === undefined || params.confirm) continue;
    throw invalidRequest(
      `The parameter \`${name}\` cannot be passed when creating a PaymentIntent unless \`confirm\` is set to true.`,
      { param: name },
    );
  }
  if (params.automatic_payment_methods?.enabled && params.confirmation_method !== undefined) {
    throw invalidRequest(
      "You may only specify one of these parameters: automatic_payment_methods, confirmation_method.",
    );
  }
}

/**
 * What the dashboard enables is what can be used, unless the call says otherwise.
 * https://docs.stripe.com/api/payment_intents/create#create_payment_intent-automatic_payment_methods
 */
function automaticMethods(params: Params): Stripe.PaymentIntent.AutomaticPaymentMethods | null {
  const given = params.automatic_payment_methods;
  if (given)
    return given.enabled ? { allow_redirects: given.allow_redirects ?? "always", enabled: true } : null;
  const isChosenOtherwise =
    params.allowed_payment_method_types !== undefined || params.confirmation_method !== undefined;
  return isChosenOtherwise ? null : { allow_redirects: "always", enabled: true };
}
