import type Stripe from "stripe";
import type { DebitOutcome } from "@/local/stripe/bank-debits/test-bank-accounts";
import type { CheckoutSessionPlan } from "@/local/stripe/checkout-sessions/session-plan";
import type { InvoiceItemTerms, InvoiceTerms } from "@/local/stripe/invoices/line-terms";
import type { CardBehavior } from "@/local/stripe/payment-methods/test-cards";
import type { SubscriptionSecrets } from "@/local/stripe/subscriptions/secrets";
import type { TokenSecrets } from "@/local/stripe/tokens/create-token";

/** Every kind of object the store holds, under the name Stripe puts into its `object` field. */
export type StoredObjects = {
  balance_transaction: Stripe.BalanceTransaction;
  "billing.credit_balance_transaction": Stripe.Billing.CreditBalanceTransaction;
  "billing.credit_grant": Stripe.Billing.CreditGrant;
  "billing.meter": Stripe.Billing.Meter;
  "billing_portal.configuration": Stripe.BillingPortal.Configuration;
  "billing_portal.session": Stripe.BillingPortal.Session;
  "billing.meter_event": Stripe.Billing.MeterEvent & { id: string };
  charge: Stripe.Charge;
  "checkout.session": Stripe.Checkout.Session;
  coupon: Stripe.Coupon;
  credit_note: Stripe.CreditNote;
  customer: Stripe.Customer;
  customer_session: Stripe.CustomerSession & { id: string };
  customer_balance_transaction: Stripe.CustomerBalanceTransaction;
  discount: Stripe.Discount;
  dispute: Stripe.Dispute;
  event: Stripe.Event;
  invoice: Stripe.Invoice;
  invoice_payment: Stripe.InvoicePayment;
  invoiceitem: Stripe.InvoiceItem;
  mandate: Stripe.Mandate;
  payment_intent: Stripe.PaymentIntent;
  payment_method: Stripe.PaymentMethod;
  price: Stripe.Price;
  product: Stripe.Product;
  promotion_code: Stripe.PromotionCode;
  "radar.early_fraud_warning": Stripe.Radar.EarlyFraudWarning;
  refund: Stripe.Refund;
  setup_attempt: Stripe.SetupAttempt;
  setup_intent: Stripe.SetupIntent;
  subscription: Stripe.Subscription;
  subscription_schedule: Stripe.SubscriptionSchedule;
  tax_id: Stripe.TaxId;
  tax_rate: Stripe.TaxRate;
  "test_helpers.test_clock": Stripe.TestHelpers.TestClock;
  token: Stripe.Token;
  webhook_endpoint: Stripe.WebhookEndpoint;
};

export type ObjectType = keyof StoredObjects;

/** What we must remember about an object but Stripe never shows. */
export type HiddenFields = {
  [T in ObjectType]: T extends keyof Secrets ? Secrets[T] : Record<string, never>;
};

type Secrets = CatalogueSecrets & {
  /** What was neither used nor lost. */
  "billing.credit_grant": { left: number };
  /** When a page of the session was last opened; null is never. */
  "billing_portal.session": { seenAt: number | null };
  "checkout.session": CheckoutSessionPlan;
  invoice: InvoiceTerms;
  invoiceitem: InvoiceItemTerms;
  payment_intent: PaymentIntentSecrets;
  payment_method: PaymentMethodSecrets;
  subscription: SubscriptionSecrets;
  token: TokenSecrets;
  webhook_endpoint: { secret: string; isConfigured: boolean };
};

/** What the catalogue shows only when it is expanded, and what discounts were when they were given. */
type CatalogueSecrets = {
  price: { tiers: Stripe.Price.Tier[] | null; currencyOptions: Record<string, Stripe.Price.CurrencyOptions> };
  coupon: CouponSecrets;
  promotion_code: { currencyOptions: Record<string, { minimum_amount: number }> };
  /** A discount outlives its coupon. It ends by its months, after its one invoice, or when it is taken away. */
  discount: CouponSecrets & { coupon: Stripe.Coupon; endedAt: number | null };
  customer: { ipAddress: string | null };
};

export type CouponSecrets = {
  /** Product ids; null applies to all. */
  appliesTo: string[] | null;
  /** What is taken off in other currencies than the coupon's own. */
  currencyOptions: Record<string, { amount_off: number }>;
};

/**
 * How the card behaves; the number itself is never stored. A method that was detached, or charged without being a
 * customer's, is used up. One is set up once its holder authenticated for payments to come.
 */
export type PaymentMethodSecrets = CardBehavior & {
  isUsedUp: boolean;
  isSetUp: boolean;
  /** How debits of a bank account end. */
  debit?: DebitOutcome;
};

/** Whether the holder authenticated and the server is to confirm again, as manual confirmation has it. */
export type PaymentIntentSecrets = { isAuthenticated: boolean };
