import type Stripe from "stripe";
import type { DiscountParam } from "@/local/stripe/discounts/discount-params";

/** What a checkout session will create once it is paid. Kept beside the session, never shown. */
export type CheckoutSessionPlan = {
  lineItems: Stripe.LineItem[];
  /** Ids of tax rates, by the line's id. */
  taxRates: Record<string, string[]>;
  discounts: DiscountParam[];
  subscriptionData: {
    metadata: Record<string, string>;
    description: string | null;
    trialEnd: number | null;
    trialPeriodDays: number | null;
    trialSettings: Stripe.Subscription.TrialSettings | null;
    anchor: number | null;
    prorationBehavior: "create_prorations" | "none";
    defaultTaxRates: string[];
  };
  paymentIntentData: {
    metadata: Record<string, string>;
    description: string | null;
    receiptEmail: string | null;
    setupFutureUsage: string | null;
    statementDescriptor: string | null;
    isCapturedManually: boolean;
  };
  setupIntentData: { metadata: Record<string, string>; description: string | null };
  customerUpdate: { name: boolean; address: boolean };
  /** Whether it was completed with a debit that its bank has yet to answer. */
  awaitsBank?: boolean;
  /** The payment intent of attempts that failed; the next one is made with it too. */
  triedIntent: string | null;
  pending: PendingPayment | null;
};

/** What the person typed, the card apart, which is never kept. */
export type SubmittedDetails = {
  email: string;
  name: string;
  phone: string | null;
  address: Stripe.Address | null;
  taxId: { type: string; value: string } | null;
  businessName: string | null;
  /** By the field's key. */
  customFields: Record<string, string>;
  acceptsTerms: boolean;
  savesCard: boolean;
};

/** A payment that was begun: it may wait for its holder's bank. */
export type PendingPayment = {
  /** A payment or a setup intent; null where nothing is asked of a card. */
  intent: string | null;
  customer: string | null;
  method: string | null;
  subscription: string | null;
  invoice: string | null;
  details: SubmittedDetails;
};
