import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getAttachedPaymentMethod } from "@/local/stripe/payment-methods/attach-payment-method";
import { getByParam, idOf } from "@/local/stripe/references";
import { readTaxRates } from "@/local/stripe/tax/read-tax-rates";
import { readAddedItems } from "./add-invoice-items";
import { readBackdateStart } from "./backdate";
import type { NewSubscription } from "./build-subscription";
import { checkItems } from "./check-items";
import { readAnchor } from "./read-anchor";
import { readNewItem } from "./read-items";
import { type FirstPayment, startSubscription } from "./start-subscription";
import type { subscriptionCreateParams } from "./subscription-params";
import { readTrialEnd } from "./trial";

type Params = ParamsOf<typeof subscriptionCreateParams>;

/** Creates a subscription through the API. https://docs.stripe.com/api/subscriptions/create */
export function createSubscription(context: Context, params: Params): Stripe.Subscription {
  const customer = getByParam(context, "customer", params.customer, "customer");
  const input = readNewSubscription(context, customer, params);
  const method = findPaymentMethod(context, customer, params.default_payment_method);
  return startSubscription(context, input, {
    method,
    behavior: readBehavior(params),
    startsIncomplete: false,
    isOffSession: params.off_session ?? false,
    refusesWithoutMethod: true,
  });
}

/**
 * What the parameters ask for, checked.
 * @param takesArchived whether prices and tax rates may be archived by now: a schedule promised them earlier.
 * @throws StripeApiError naming the parameter.
 */
export function readNewSubscription(
  context: Context,
  customer: Stripe.Customer,
  params: Params,
  takesArchived = false,
): NewSubscription {
  const items = params.items.map((item, index) =>
    readNewItem(context, item, `items[${index}]`, takesArchived),
  );
  const currency = params.currency ?? items[0]?.price.currency ?? "usd";
  checkItems(context, customer, items, currency, (index) => `items[${index}][price]`);
  checkDaysUntilDue(params);
  const trialEnd = readTrialEnd(context, withoutNow(params));
  const backdateStart = readBackdateStart(context, params);
  const { anchor, anchorConfig } = readAnchor(context, params, items, trialEnd ?? context.now);
  return {
    customer,
    items,
    currency,
    trialEnd,
    anchor,
    anchorConfig,
    prorationBehavior: params.proration_behavior ?? "create_prorations",
    defaultPaymentMethod: params.default_payment_method ?? null,
    metadata: mergeMetadata({}, params.metadata),
    description: params.description ?? null,
    trialSettings: params.trial_settings ? readTrialSettings(params.trial_settings) : null,
    savesDefaultPaymentMethod: params.payment_settings?.save_default_payment_method === "on_subscription",
    cancellation: params,
    discounts: params.discounts ?? [],
    defaultTaxRates: readTaxRates(
      context,
      params.default_tax_rates ?? [],
      "default_tax_rates",
      takesArchived,
    ),
    automaticTax: params.automatic_tax?.enabled ?? false,
    collectionMethod: params.collection_method ?? "charge_automatically",
    daysUntilDue: params.days_until_due ?? null,
    invoiceSettings: readInvoiceSettings(params.invoice_settings),
    addInvoiceItems: readAddedItems(context, params.add_invoice_items),
    backdateStart,
  };
}

/** What happens when the trial ends without a card: an invoice, unless told otherwise. */
export function readTrialSettings(
  settings: NonNullable<Params["trial_settings"]>,
): Stripe.Subscription.TrialSettings {
  return {
    end_behavior: {
      billing_cycle_anchor: settings.end_behavior.billing_cycle_anchor ?? null,
      missing_payment_method: settings.end_behavior.missing_payment_method ?? "create_invoice",
    },
  };
}

/** What the subscription's invoices will show; what is not given stays as it is. */
export function readInvoiceSettings(
  settings: Params["invoice_settings"],
): Partial<Stripe.Subscription.InvoiceSettings> {
  if (!settings) return {};
  const { custom_fields, description, footer } = settings;
  return {
    ...(custom_fields === undefined ? {} : { custom_fields }),
    ...(description === undefined ? {} : { description }),
    ...(footer === undefined ? {} : { footer }),
  };
}

/** @throws StripeApiError when days are given for what is charged by itself. */
export function checkDaysUntilDue(params: {
  days_until_due?: number;
  collection_method?: Stripe.Subscription.CollectionMethod;
}): void {
  if (params.days_until_due === undefined || params.collection_method === "send_invoice") return;
  throw invalidRequest(
    "You can only set `days_until_due` if the subscription's `collection_method` is `send_invoice`.",
    { param: "days_until_due" },
  );
}

function readBehavior({ payment_behavior: behavior = "allow_incomplete" }: Params): FirstPayment["behavior"] {
  if (behavior !== "pending_if_incomplete") return behavior;
  throw invalidRequest("`pending_if_incomplete` can only be used when updating a subscription.", {
    param: "payment_behavior",
  });
}

/** A trial that ends now is none. */
function withoutNow({ trial_end, trial_period_days }: Params): {
  trial_end?: number;
  trial_period_days?: number;
} {
  return {
    ...(typeof trial_end === "number" ? { trial_end } : {}),
    ...(trial_period_days === undefined ? {} : { trial_period_days }),
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
