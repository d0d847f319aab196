import { readMeta, type Store, writeMeta } from "@/local/stripe/store/store";

const KEY = "billing_settings";

/**
 * What a Stripe account sets in its dashboard about payments that failed for good; the lab sets it here.
 * https://docs.stripe.com/billing/revenue-recovery/smart-retries and https://docs.stripe.com/billing/collection-method
 */
export type BillingSettings = {
  subscription_after_final_retry: "cancel" | "mark_unpaid" | "leave_past_due";
  invoice_after_final_retry: "leave_open" | "mark_uncollectible";
  /** What follows when an invoice that was sent is so many days past due. */
  subscription_after_days_past_due: "cancel" | "mark_unpaid" | "leave_past_due";
  days_past_due: number;
};

const DEFAULTS: BillingSettings = {
  subscription_after_final_retry: "cancel",
  invoice_after_final_retry: "leave_open",
  subscription_after_days_past_due: "leave_past_due",
  days_past_due: 30,
};

export function readBillingSettings(store: Store): BillingSettings {
  return { ...DEFAULTS, ...JSON.parse(readMeta(store, KEY) ?? "{}") };
}

/** Changes those given; they last until a reset. */
export function saveBillingSettings(store: Store, change: Partial<BillingSettings>): BillingSettings {
  const settings = { ...readBillingSettings(store), ...change };
  writeMeta(store, KEY, JSON.stringify(settings));
  return settings;
}
