import { accountOperations } from "./account/account";
import { chargeOperations } from "./charges/charges";
import { checkoutSessionOperations } from "./checkout-sessions/checkout-sessions";
import { customerOperations } from "./customers/customers";
import { eventOperations } from "./events/events";
import type { Operation } from "./http/operation";
import { invoiceOperations } from "./invoices/invoices";
import { paymentIntentOperations } from "./payment-intents/payment-intents";
import { paymentMethodOperations } from "./payment-methods/payment-methods";
import { priceOperations } from "./prices/prices";
import { productOperations } from "./products/products";
import { setupIntentOperations } from "./setup-intents/setup-intents";
import { subscriptionOperations } from "./subscriptions/subscriptions";
import { webhookEndpointOperations } from "./webhook-endpoints/webhook-endpoints";

/** Every API call that is served. */
export const OPERATIONS: readonly Operation[] = [
  ...accountOperations,
  ...chargeOperations,
  ...checkoutSessionOperations,
  ...customerOperations,
  ...eventOperations,
  ...invoiceOperations,
  ...paymentIntentOperations,
  ...paymentMethodOperations,
  ...priceOperations,
  ...productOperations,
  ...setupIntentOperations,
  ...subscriptionOperations,
  ...webhookEndpointOperations,
];

/** Calls Stripe knows that are not served yet: refused by name rather than as an unknown URL. */
export const NOT_SIMULATED_CALLS: readonly { pattern: RegExp; what: string }[] = [
  {
    pattern: /^POST \/v1\/subscriptions\/[^/]+\/(pause|resume|migrate)$/,
    what: "this change of a subscription",
  },
  { pattern: /^\w+ \/v1\/subscription_items(\/.*)?$/, what: "subscription items as a resource" },
  { pattern: /^\w+ \/v1\/subscription_schedules(\/.*)?$/, what: "subscription schedules" },
  {
    pattern: /^(POST|DELETE) \/v1\/invoices(?!\/[^/]+\/pay$)(\/.*)?$/,
    what: "creating or changing an invoice",
  },
  { pattern: /^\w+ \/v1\/invoiceitems(\/.*)?$/, what: "invoice items" },
  {
    pattern: /^POST \/v1\/(payment_intents|setup_intents|charges)(\/.*)?$/,
    what: "a payment outside of checkout",
  },
  { pattern: /^\w+ \/v1\/(refunds|credit_notes|balance_transactions|disputes)(\/.*)?$/, what: "refunding" },
  { pattern: /^\w+ \/v1\/(coupons|promotion_codes)(\/.*)?$/, what: "discounts" },
  { pattern: /^\w+ \/v1\/billing_portal\/.*$/, what: "the customer portal" },
  { pattern: /^\w+ \/v1\/billing\/.*$/, what: "billing meters and credits" },
  { pattern: /^\w+ \/v1\/test_helpers\/.*$/, what: "test clocks" },
  { pattern: /^\w+ \/v1\/(tax_rates|tax_ids|tax)(\/.*)?$/, what: "tax" },
  { pattern: /^GET \/v1\/\w+\/search$/, what: "search" },
];
