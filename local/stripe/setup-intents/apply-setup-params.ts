import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { mergeMetadata } from "@/local/stripe/metadata";
import { namedMethod } from "@/local/stripe/payment-methods/named-method";
import { checkMethodIsUsable } from "@/local/stripe/payment-methods/use-payment-method";
import { getByParam, idOf } from "@/local/stripe/references";
import type { setupConfirmParams, setupUpdateParams } from "./setup-intent-params";

type Params = Omit<ParamsOf<typeof setupUpdateParams> & ParamsOf<typeof setupConfirmParams>, "client_secret">;

/** The setup intent as it is with the parameters; nothing is saved but a payment method that comes with them. */
export function applySetupParams(
  context: Context,
  intent: Stripe.SetupIntent,
  params: Params,
): Stripe.SetupIntent {
  if (params.customer !== undefined) getByParam(context, "customer", params.customer, "customer");
  const card = intent.payment_method_options?.card;
  const changed: Stripe.SetupIntent = {
    ...intent,
    ...(params.allowed_payment_method_types === undefined
      ? {}
      : { allowed_payment_method_types: params.allowed_payment_method_types }),
    customer: params.customer ?? intent.customer,
    description: params.description ?? intent.description,
    metadata: mergeMetadata(intent.metadata ?? {}, params.metadata),
    payment_method_options: {
      ...intent.payment_method_options,
      card: {
        mandate_options: null,
        network: null,
        request_three_d_secure: "automatic",
        ...card,
        ...params.payment_method_options?.card,
      },
    },
  };
  const method = namedMethod(context, params);
  if (!method) return changed;
  const customer = changed.customer === null ? null : idOf(changed.customer);
  checkMethodIsUsable(context, method, customer, "SetupIntent");
  const types = changed.payment_method_types;
  return {
    ...changed,
    next_action: null,
    payment_method: method.id,
    payment_method_types: types.includes(method.type) ? types : [...types, method.type],
    status: "requires_confirmation",
  };
}
