import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { fullAddress } from "@/local/stripe/customers/create-customer";
import type { MetadataChange } from "@/local/stripe/http/params";
import { newId } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { insertObject } from "@/local/stripe/store/store";
import { type BuiltCard, buildCard, type NewCard } from "./build-card";

export type BillingDetails = {
  address?: Partial<Stripe.Address> | null;
  email?: string | null;
  name?: string | null;
  phone?: string | null;
  tax_id?: string | null;
};

export type MethodDetails = {
  billing?: BillingDetails;
  metadata?: MetadataChange;
  allowRedisplay?: Stripe.PaymentMethod.AllowRedisplay;
};

/**
 * Creates a card payment method. Only what Stripe shows of a card is stored, never the number.
 * https://docs.stripe.com/api/payment_methods/create
 * @throws StripeApiError 402 for a number, expiry or CVC that cannot be right.
 */
export function createCardPaymentMethod(
  context: Context,
  card: NewCard,
  details: MethodDetails,
): Stripe.PaymentMethod {
  return storeCardPaymentMethod(context, buildCard(context, card, details.billing?.address ?? {}), details);
}

/** The same for a card that was read before, into a token for example. */
export function storeCardPaymentMethod(
  context: Context,
  { card, behavior }: BuiltCard,
  details: MethodDetails,
): Stripe.PaymentMethod {
  const method: Stripe.PaymentMethod = {
    id: newId("pm"),
    object: "payment_method",
    allow_redisplay: details.allowRedisplay ?? "unspecified",
    billing_details: fullBillingDetails(details.billing ?? {}),
    card,
    created: context.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: mergeMetadata({}, details.metadata),
    type: "card",
  };
  insertObject(context.store, "payment_method", method, { ...behavior, isUsedUp: false, isSetUp: false });
  return method;
}

/** Billing details with every field, as Stripe shows them. */
export function fullBillingDetails(billing: BillingDetails): Stripe.PaymentMethod.BillingDetails {
  return {
    address: fullAddress(billing.address ?? {}),
    email: billing.email ?? null,
    name: billing.name ?? null,
    phone: billing.phone ?? null,
    tax_id: billing.tax_id ?? null,
  };
}
