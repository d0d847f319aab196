import type { Context } from "@/local/stripe/context";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { type BuiltCard, buildCard } from "@/local/stripe/payment-methods/build-card";
import { findTestCardByAlias, sharedCard } from "@/local/stripe/payment-methods/test-cards";
import { getByParam } from "@/local/stripe/references";
import { findObject, readHidden, saveObject } from "@/local/stripe/store/store";

/**
 * The card behind a token. A token of one's own can be used once, a shared test one (`tok_visa`) ever again.
 * https://docs.stripe.com/testing and https://docs.stripe.com/error-codes#token-already-used
 * @throws StripeApiError 400 naming the parameter.
 */
export function redeemToken(context: Context, id: string, param: string): BuiltCard {
  const token = findObject(context.store, "token", id);
  const shared = !token && id.startsWith("tok_") ? findTestCardByAlias(id) : null;
  if (shared) return buildCard(context, sharedCard(shared, context.now), {});
  const own = token ?? getByParam(context, "token", id, param);
  if (own.used) {
    throw invalidRequest(`You cannot use a Stripe token more than once: ${id}.`, {
      code: "token_already_used",
      param,
    });
  }
  saveObject(context.store, "token", { ...own, used: true });
  return readHidden(context.store, "token", id);
}
