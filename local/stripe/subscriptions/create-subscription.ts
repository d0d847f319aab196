import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest, parameterMissing } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getAttachedPaymentMethod } from "@/local/stripe/payment-methods/attach-payment-method";
import { getByParam, idOf } from "@/local/stripe/references";
import type { NewItem } from "./build-subscription";
import { checkItems } from "./check-items";
import { amountOf, startSubscription } from "./start-subscription";
import type { subscriptionCreateParams } from "./subscription-params";
import { readTrialEnd } from "./trial";

type Params = ParamsOf<typeof subscriptionCreateParams>;

/** Creates a subscription through the API. https://docs.stripe.com/api/subscriptions/create */
export function createSubscription(context: Context, params: Params): Stripe.Subscription {
  const customer = getByParam(context, "customer", params.customer, "customer");
  const items = params.items.map((item, index) => readItem(context, item, index));
  checkItems(context, customer, items, (index) => `items[${index}][price]`);
  const trialEnd = readTrialEnd(context, params);
  const method = findPaymentMethod(context, customer, params.default_payment_method);
  const behavior = params.payment_behavior ?? "allow_incomplete";
  const due =
    trialEnd === null ? items.reduce((sum, item) => sum + amountOf(item.price, item.quantity), 0) : 0;
  if (due > 0 && !method && behavior !== "default_incomplete") throw noPaymentMethod();

  return startSubscription(
    context,
    {
      customer,
      items,
      trialEnd,
      defaultPaymentMethod: params.default_payment_method ?? null,
      metadata: mergeMetadata({}, params.metadata),
      description: params.description ?? null,
      trialSettings: params.trial_settings ? readTrialSettings(params.trial_settings) : null,
      savesDefaultPaymentMethod: params.payment_settings?.save_default_payment_method === "on_subscription",
      cancellation: params,
    },
    { method, behavior, startsIncomplete: false },
  );
}

/** What happens when the trial ends without a card: an invoice, unless told otherwise. */
export function readTrialSettings(
  settings: NonNullable<Params["trial_settings"]>,
): Stripe.Subscription.TrialSettings {
  return {
    end_behavior: {
      billing_cycle_anchor: null,
      missing_payment_method: settings.end_behavior.missing_payment_method ?? "create_invoice",
    },
  };
}

function readItem(context: Context, item: Params["items"][number], index: number): NewItem {
  const param = `items[${index}][price]`;
  if (item.price === undefined) throw parameterMissing(param);
  return {
    price: getByParam(context, "price", item.price, param),
    quantity: item.quantity ?? 1,
    metadata: mergeMetadata({}, item.metadata),
  };
}

/** The subscription's own default goes before the customer's. */
function findPaymentMethod(
  context: Context,
  customer: Stripe.Customer,
  own: string | undefined,
): Stripe.PaymentMethod | null {
  if (own !== undefined) return getAttachedPaymentMethod(context, own, customer.id, "default_payment_method");
  const inherited = customer.invoice_settings.default_payment_method;
  return inherited === null ? null : getByParam(context, "payment_method", idOf(inherited), "customer");
}

function noPaymentMethod(): Error {
  return invalidRequest(
    "This customer has no attached payment source or default payment method. Please consider adding a default " +
      "payment method. For more information, visit " +
      "https://docs.stripe.com/billing/subscriptions/payment-methods-setting#payment-method-priority.",
    { code: "resource_missing" },
  );
}
