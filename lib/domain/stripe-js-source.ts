/** What a browser needs to open Stripe.js; nothing in it is secret. */
export type StripeJsSource = {
  publishableKey: string;
  /**
   * Where the local Stripe serves its script. Null with a real Stripe: then the script is loaded from Stripe's own
   * address and from nowhere else. https://docs.stripe.com/js/including
   */
  localScriptUrl: string | null;
};

export function stripeJsSource({
  publishableKey,
  localUrl,
}: {
  publishableKey: string;
  /** The local Stripe's address; null with a real one. */
  localUrl: string | null;
}): StripeJsSource {
  return {
    publishableKey,
    localScriptUrl: localUrl ? new URL("/endive/stripe.js", localUrl).href : null,
  };
}
