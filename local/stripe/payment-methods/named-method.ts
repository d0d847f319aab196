import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { createMethodFromParams } from "./create-from-params";
import type { methodCreateParams } from "./payment-method-params";
import { resolvePaymentMethod } from "./resolve-payment-method";

/** The method an intent is to use: one that exists, or a new one from what was typed; null when none is named. */
export function namedMethod(
  context: Context,
  params: {
    payment_method?: string | null;
    payment_method_data?: ParamsOf<typeof methodCreateParams>;
  },
): Stripe.PaymentMethod | null {
  if (params.payment_method) return resolvePaymentMethod(context, params.payment_method, "payment_method");
  return params.payment_method_data
    ? createMethodFromParams(context, params.payment_method_data, "payment_method_data")
    : null;
}
