import type { Context } from "./context";
import { resourceMissing } from "./http/stripe-api-error";
import { findObject } from "./store/store";
import type { ObjectType, StoredObjects } from "./store/stored-objects";

/** The id behind a field that may hold an id or an expanded object. Stored objects always hold the id. */
export function idOf(reference: string | { id: string }): string {
  return typeof reference === "string" ? reference : reference.id;
}

/** Stripe's noun for each kind, as its "No such …" messages have it. */
const NOUNS: Record<ObjectType, string> = {
  balance_transaction: "balance transaction",
  "billing.credit_balance_transaction": "credit balance transaction",
  "billing.credit_grant": "credit grant",
  "billing.meter": "billing meter",
  "billing_portal.configuration": "configuration",
  "billing_portal.session": "portal session",
  "billing.meter_event": "billing meter event",
  coupon: "coupon",
  credit_note: "credit note",
  customer_balance_transaction: "customer balance transaction",
  discount: "discount",
  dispute: "dispute",
  invoiceitem: "invoiceitem",
  promotion_code: "promotion code",
  "radar.early_fraud_warning": "issuer fraud record",
  refund: "refund",
  setup_attempt: "setup attempt",
  subscription_schedule: "subscription_schedule",
  tax_id: "tax_id",
  tax_rate: "tax rate",
  "test_helpers.test_clock": "testclock",
  token: "token",
  charge: "charge",
  "checkout.session": "checkout.session",
  customer: "customer",
  customer_session: "customer session",
  event: "event",
  invoice: "invoice",
  invoice_payment: "invoice payment",
  mandate: "mandate",
  payment_intent: "payment_intent",
  payment_method: "PaymentMethod",
  price: "price",
  product: "product",
  setup_intent: "setupintent",
  subscription: "subscription",
  webhook_endpoint: "webhook endpoint",
};

/** What Stripe calls such an object in its messages. */
export function nounOf(type: ObjectType): string {
  return NOUNS[type];
}

/** The parameter Stripe names when the id in the URL is unknown. */
const PATH_PARAMS: Record<ObjectType, string> = {
  balance_transaction: "id",
  "billing.credit_balance_transaction": "id",
  "billing.credit_grant": "id",
  "billing.meter": "id",
  "billing_portal.configuration": "configuration",
  "billing_portal.session": "id",
  "billing.meter_event": "id",
  coupon: "coupon",
  credit_note: "id",
  customer_balance_transaction: "transaction",
  discount: "discount",
  dispute: "dispute",
  invoiceitem: "invoiceitem",
  promotion_code: "promotion_code",
  "radar.early_fraud_warning": "early_fraud_warning",
  refund: "refund",
  setup_attempt: "id",
  subscription_schedule: "schedule",
  tax_id: "id",
  tax_rate: "tax_rate",
  "test_helpers.test_clock": "test_clock",
  token: "token",
  charge: "charge",
  "checkout.session": "session",
  customer: "id",
  customer_session: "customer_session",
  event: "id",
  invoice: "invoice",
  invoice_payment: "invoice_payment",
  mandate: "mandate",
  payment_intent: "intent",
  payment_method: "payment_method",
  price: "price",
  product: "product",
  setup_intent: "intent",
  subscription: "id",
  webhook_endpoint: "webhook_endpoint",
};

/**
 * The object the URL names.
 * @throws StripeApiError 404 `resource_missing`.
 */
export function getByPath<T extends ObjectType>(context: Context, type: T, id: string): StoredObjects[T] {
  const object = findObject(context.store, type, id);
  if (!object) throw resourceMissing(NOUNS[type], id, PATH_PARAMS[type], 404);
  return object;
}

/**
 * The object a parameter names.
 * @throws StripeApiError 400 `resource_missing` with that parameter.
 */
export function getByParam<T extends ObjectType>(
  context: Context,
  type: T,
  id: string,
  param: string,
): StoredObjects[T] {
  const object = findObject(context.store, type, id);
  if (!object) throw resourceMissing(NOUNS[type], id, param, 400);
  return object;
}
