import type Stripe from "stripe";
import type { CheckoutForm } from "@/local/stripe/checkout-sessions/complete-session";
import { type FieldErrors, type FieldName, readCardForm } from "./read-card-form";

/** What may be shown again after a failed attempt: never card data. */
export type KeptFields = { email: string; name: string };

export type ReadForm =
  | { ok: true; form: CheckoutForm; kept: KeptFields }
  | { ok: false; errors: FieldErrors; kept: KeptFields };

/** Reads what was posted to the payment page. */
export function readCheckoutForm(
  session: Stripe.Checkout.Session,
  body: string,
  options: { needsCard: boolean; now: number },
): ReadForm {
  const posted = new URLSearchParams(body);
  const field = (name: FieldName) => (posted.get(name) ?? "").trim();
  // An address the session already knows cannot be changed on the page.
  const kept = { email: session.customer_details?.email ?? field("email"), name: field("name") };
  const errors: FieldErrors = {};
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(kept.email)) errors.email = "Enter your email address.";
  if (!options.needsCard) return finish(errors, kept, null);
  return finish(errors, kept, readCardForm(posted, errors, options.now));
}

function finish(errors: FieldErrors, kept: KeptFields, card: CheckoutForm["card"]): ReadForm {
  if (Object.keys(errors).length > 0) return { ok: false, errors, kept };
  return { ok: true, form: { ...kept, card }, kept };
}
