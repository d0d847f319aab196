import type Stripe from "stripe";
import type { ChargeOutcome } from "@/local/stripe/payment-methods/test-cards";

/** Every kind of object the store holds, under the name Stripe puts into its `object` field. */
export type StoredObjects = {
  charge: Stripe.Charge;
  "checkout.session": Stripe.Checkout.Session;
  customer: Stripe.Customer;
  event: Stripe.Event;
  invoice: Stripe.Invoice;
  invoice_payment: Stripe.InvoicePayment;
  payment_intent: Stripe.PaymentIntent;
  payment_method: Stripe.PaymentMethod;
  price: Stripe.Price;
  product: Stripe.Product;
  setup_intent: Stripe.SetupIntent;
  subscription: Stripe.Subscription;
  webhook_endpoint: Stripe.WebhookEndpoint;
};

export type ObjectType = keyof StoredObjects;

/** What we must remember about an object but Stripe never shows. */
export type HiddenFields = {
  [T in ObjectType]: T extends "payment_method"
    ? PaymentMethodSecrets
    : T extends "checkout.session"
      ? CheckoutSessionPlan
      : T extends "webhook_endpoint"
        ? { secret: string; isConfigured: boolean }
        : Record<string, never>;
};

/** How the card behaves. The number itself is never stored. A detached method can never be used again. */
export type PaymentMethodSecrets = { onSetup: ChargeOutcome; onCharge: ChargeOutcome; isUsedUp: boolean };

/** What a checkout session will create once it is paid. */
export type CheckoutSessionPlan = {
  lineItems: Stripe.LineItem[];
  subscriptionData: {
    metadata: Record<string, string>;
    description: string | null;
    trialEnd: number | null;
    trialPeriodDays: number | null;
    trialSettings: Stripe.Subscription.TrialSettings | null;
  };
  paymentIntentData: {
    metadata: Record<string, string>;
    description: string | null;
    receiptEmail: string | null;
    setupFutureUsage: string | null;
    statementDescriptor: string | null;
  };
  setupIntentData: { metadata: Record<string, string>; description: string | null };
  customerUpdatesName: boolean;
};
