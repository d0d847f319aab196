import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { saveObject } from "@/local/stripe/store/store";
import { applySetupParams } from "./apply-setup-params";
import { checkSetupIsOpen } from "./check-setup-is-open";
import type { setupUpdateParams } from "./setup-intent-params";

type UpdateParams = Omit<ParamsOf<typeof setupUpdateParams>, "client_secret">;

/** https://docs.stripe.com/api/setup_intents/update */
export function updateSetupIntent(
  context: Context,
  before: Stripe.SetupIntent,
  params: UpdateParams,
): Stripe.SetupIntent {
  const changesMethod = params.payment_method !== undefined || params.payment_method_data !== undefined;
  if (changesMethod || params.customer !== undefined) checkSetupIsOpen(before, "update");
  const intent = applySetupParams(context, before, params);
  saveObject(context.store, "setup_intent", intent);
  return intent;
}
