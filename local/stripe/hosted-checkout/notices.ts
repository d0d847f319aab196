import type Stripe from "stripe";
import { type Answer, htmlAnswer } from "@/local/stripe/http/answer";
import { renderNoticePage } from "./render-notice-page";

/** https://docs.stripe.com/payments/checkout/custom-success-page */
export function successUrl(session: Stripe.Checkout.Session): string {
  return (session.success_url ?? "/").replaceAll("{CHECKOUT_SESSION_ID}", session.id);
}

/** The link leads nowhere. */
export function unknownSession(): Answer {
  const message =
    "This link does not lead to a checkout. It may have been copied in part, or the local Stripe was reset.";
  return htmlAnswer(404, renderNoticePage({ title: "Checkout not found", message, link: null }));
}

/** The session's time is over. */
export function expiredSession(session: Stripe.Checkout.Session): Answer {
  const message = "This checkout has expired. Nothing was charged. Go back and start again.";
  return htmlAnswer(410, renderNoticePage({ title: "Checkout expired", message, link: wayBack(session) }));
}

/** What the session was to create can no longer be. */
export function cannotComplete(session: Stripe.Checkout.Session, reason: string): Answer {
  const message = `Nothing was charged. Stripe's reason: ${reason}`;
  const title = "This checkout cannot be completed";
  return htmlAnswer(400, renderNoticePage({ title, message, link: wayBack(session) }));
}

/** It was paid before. */
export function completeAlready(session: Stripe.Checkout.Session): Answer {
  const message = "This checkout is already complete. You were not charged again.";
  const link = { href: successUrl(session), label: "Continue" };
  return htmlAnswer(200, renderNoticePage({ title: "Already complete", message, link }));
}

function wayBack({ cancel_url: url, id }: Stripe.Checkout.Session): { href: string; label: string } | null {
  return url === null ? null : { href: url.replaceAll("{CHECKOUT_SESSION_ID}", id), label: "Go back" };
}
