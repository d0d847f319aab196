import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest, type StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { applySetupParams } from "./apply-setup-params";
import { trySetup } from "./confirm-setup-intent";
import { buildSetupIntent, recordSetupIntent } from "./create-setup-intent";
import type { setupCreateParams } from "./setup-intent-params";

type CreateParams = ParamsOf<typeof setupCreateParams>;

/** https://docs.stripe.com/api/setup_intents/create */
export function createSetupByRequest(
  context: Context,
  params: CreateParams,
): Stripe.SetupIntent | StripeApiError {
  if (params.return_url !== undefined && !params.confirm) {
    throw invalidRequest(
      "The parameter `return_url` cannot be passed when creating a SetupIntent unless `confirm` is set to true.",
      { param: "return_url" },
    );
  }
  const built = buildSetupIntent(context, {
    customer: null,
    metadata: {},
    description: null,
    overrides: {
      automatic_payment_methods: automaticMethods(params),
      usage: params.usage ?? "off_session",
    },
  });
  const intent = recordSetupIntent(context, applySetupParams(context, built, params));
  return params.confirm ? trySetup(context, intent, params) : intent;
}

function automaticMethods(params: CreateParams): Stripe.SetupIntent.AutomaticPaymentMethods | null {
  const given = params.automatic_payment_methods;
  if (given) {
    return given.enabled ? { allow_redirects: given.allow_redirects ?? "always", enabled: true } : null;
  }
  return params.allowed_payment_method_types === undefined
    ? { allow_redirects: "always", enabled: true }
    : null;
}
