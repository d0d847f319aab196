import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { fullAddress } from "@/local/stripe/customers/create-customer";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { namedMethod } from "@/local/stripe/payment-methods/named-method";
import { checkMethodIsUsable } from "@/local/stripe/payment-methods/use-payment-method";
import { getByParam, idOf } from "@/local/stripe/references";
import { checkAmount } from "./check-amount";
import type { intentConfirmParams, intentUpdateParams } from "./payment-intent-params";

type Params = ParamsOf<typeof intentUpdateParams> &
  Omit<ParamsOf<typeof intentConfirmParams>, "payment_method">;

/**
 * The intent as it is with the parameters; nothing is saved but a payment method that comes with them. A payment method
 * makes an intent that waited for one wait for confirmation. https://docs.stripe.com/api/payment_intents/update
 */
export function applyIntentParams(
  context: Context,
  intent: Stripe.PaymentIntent,
  params: Params,
): Stripe.PaymentIntent {
  if (params.customer !== undefined) getByParam(context, "customer", params.customer, "customer");
  if (params.statement_descriptor !== undefined) throw descriptorRefused();
  const amount = params.amount ?? intent.amount;
  const currency = params.currency ?? intent.currency;
  if (params.amount !== undefined || params.currency !== undefined) checkAmount(amount, currency);
  const changed: Stripe.PaymentIntent = {
    ...intent,
    amount,
    currency,
    ...allowedTypes(params.allowed_payment_method_types),
    capture_method: params.capture_method ?? intent.capture_method,
    customer: params.customer ?? intent.customer,
    description: params.description ?? intent.description,
    metadata: mergeMetadata(intent.metadata, params.metadata),
    payment_method_options: cardOptions(intent.payment_method_options, params.payment_method_options),
    receipt_email: params.receipt_email === undefined ? intent.receipt_email : params.receipt_email,
    setup_future_usage:
      params.setup_future_usage === undefined ? intent.setup_future_usage : params.setup_future_usage,
    shipping: params.shipping === undefined ? intent.shipping : fullShipping(params.shipping),
    statement_descriptor_suffix: params.statement_descriptor_suffix ?? intent.statement_descriptor_suffix,
  };
  return withMethod(context, changed, params);
}

function withMethod(context: Context, intent: Stripe.PaymentIntent, params: Params): Stripe.PaymentIntent {
  if (params.payment_method === null) {
    return { ...intent, next_action: null, payment_method: null, status: "requires_payment_method" };
  }
  const method = namedMethod(context, params);
  if (!method) return intent;
  checkMethodIsUsable(
    context,
    method,
    intent.customer === null ? null : idOf(intent.customer),
    "PaymentIntent",
  );
  return {
    ...intent,
    next_action: null,
    payment_method: method.id,
    payment_method_types: typesWith(intent, method),
    status: "requires_confirmation",
  };
}

/** What may be paid with, a method that was chosen included, unless the intent says what is allowed. */
function typesWith(
  { allowed_payment_method_types: allowed, payment_method_types: types }: Stripe.PaymentIntent,
  { type }: Stripe.PaymentMethod,
): string[] {
  if (types.includes(type)) return types;
  if (!allowed) return [...types, type];
  throw invalidRequest(
    `The PaymentMethod provided (${type}) is not allowed for this PaymentIntent. Please attach a PaymentMethod of one of ` +
      `the following types OR update the allowed payment method types: ${types.join(", ")}.`,
    { param: "payment_method" },
  );
}

/** Cards and US bank accounts are there to be paid with, so one of them has to be allowed. */
function allowedTypes(
  types: string[] | undefined,
): Partial<Pick<Stripe.PaymentIntent, "allowed_payment_method_types" | "payment_method_types">> {
  if (types === undefined) return {};
  const served = types.filter((type) => type === "card" || type === "us_bank_account");
  if (served.length === 0) {
    throw invalidRequest(
      "No valid payment method types for this Payment Intent. The local Stripe knows cards and US bank accounts, so " +
        "allow `card` or `us_bank_account`.",
      { param: "allowed_payment_method_types" },
    );
  }
  return { allowed_payment_method_types: types, payment_method_types: served };
}

function cardOptions(
  before: Stripe.PaymentIntent.PaymentMethodOptions | null,
  params: Params["payment_method_options"],
): Stripe.PaymentIntent.PaymentMethodOptions | null {
  const given = params?.card;
  if (!given) return before;
  const { capture_method: captureMethod, setup_future_usage: futureUsage, ...others } = given;
  const card: Stripe.PaymentIntent.PaymentMethodOptions.Card = {
    installments: null,
    mandate_options: null,
    network: null,
    request_three_d_secure: "automatic",
    ...before?.card,
    ...others,
    ...(captureMethod ? { capture_method: captureMethod } : {}),
    ...(futureUsage ? { setup_future_usage: futureUsage } : {}),
  };
  if (captureMethod === null) delete card.capture_method;
  if (futureUsage === null) delete card.setup_future_usage;
  return { ...before, card };
}

function fullShipping(
  shipping: NonNullable<Params["shipping"]> | null,
): Stripe.PaymentIntent.Shipping | null {
  if (!shipping) return null;
  return {
    address: fullAddress(shipping.address),
    carrier: shipping.carrier ?? null,
    name: shipping.name,
    phone: shipping.phone ?? null,
    tracking_number: shipping.tracking_number ?? null,
  };
}

/** https://docs.stripe.com/api/payment_intents/create#create_payment_intent-statement_descriptor */
function descriptorRefused(): Error {
  return invalidRequest(
    "The `statement_descriptor` parameter is not supported for the `card` payment method type. Please use " +
      "`statement_descriptor_suffix` instead.",
    { param: "statement_descriptor" },
  );
}
