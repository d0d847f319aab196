import type { Stripe } from "@stripe/stripe-js";
import { loadStripe } from "@stripe/stripe-js/pure";
import type { StripeJsSource } from "@/lib/domain/stripe-js-source";

let opened: Promise<Stripe | null> | null = null;

/**
 * Opens Stripe.js, once a document. Stripe's own package asks Stripe's own address, unless the local Stripe's script
 * has put itself into its place before.
 * @throws Error when the script cannot be loaded; asked again it tries again.
 */
export function openStripeJs(source: StripeJsSource): Promise<Stripe | null> {
  opened ??= open(source).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

async function open({ publishableKey, localScriptUrl }: StripeJsSource): Promise<Stripe | null> {
  if (localScriptUrl !== null) await loadScript(localScriptUrl);
  return loadStripe(publishableKey);
}

function loadScript(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => {
      script.remove();
      reject(new Error(`${url} could not be loaded.`));
    });
    document.head.append(script);
  });
}
