import type Stripe from "stripe";
import { ACCOUNT_NAME } from "@/local/stripe/account/account-name";
import { completeSession, needsCard } from "@/local/stripe/checkout-sessions/complete-session";
import type { Context } from "@/local/stripe/context";
import { type Answer, htmlAnswer, seeOther } from "@/local/stripe/http/answer";
import type { ApiServer } from "@/local/stripe/http/handle-api-request";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { findObject, inTransaction, readHidden } from "@/local/stripe/store/store";
import { businessTimeOf } from "@/local/stripe/time/business-time";
import { describePurchase } from "./describe-purchase";
import type { FieldErrors } from "./read-card-form";
import { type KeptFields, readCheckoutForm } from "./read-checkout-form";
import { renderNoticePage } from "./render-notice-page";
import { renderPaymentPage } from "./render-payment-page";

export type PageRequest = { method: string; url: URL; body: string };

/** Serves and processes the hosted checkout page, `/c/pay/<session>`. */
export function handleCheckoutPage(server: ApiServer, request: PageRequest): Answer {
  const id = request.url.pathname.slice("/c/pay/".length);
  const { now, testClock } = businessTimeOf(server.store, [id]);
  const context: Context = {
    store: server.store,
    now,
    baseUrl: server.baseUrl,
    request: { id: null, idempotencyKey: null },
  };
  const session = findObject(server.store, "checkout.session", id);
  if (!session) return unknownSession();
  if (session.status === "expired") return expiredSession(session);
  if (request.method === "POST") {
    // A second click on "Pay" arrives here with the session already complete: nothing is paid twice.
    if (session.status === "complete") return seeOther(successUrl(session));
    return submit(context, session, request.body, testClock);
  }
  if (session.status === "complete") return completeAlready(session);
  return htmlAnswer(200, paymentPage(context, session, { kept: { email: "", name: "" } }));
}

function submit(
  context: Context,
  session: Stripe.Checkout.Session,
  body: string,
  testClock: string | null,
): Answer {
  const read = readCheckoutForm(session, body, { needsCard: needsCard(session), now: context.now });
  if (!read.ok) return htmlAnswer(422, paymentPage(context, session, read));
  try {
    const complete = () => completeSession(context, session, read.form);
    const completed = inTransaction(context.store, complete, testClock);
    return seeOther(successUrl(completed));
  } catch (error) {
    if (!(error instanceof StripeApiError)) throw error;
    if (error.body.type !== "card_error") return cannotComplete(session, error.body.message);
    return htmlAnswer(402, paymentPage(context, session, { kept: read.kept, decline: error.body.message }));
  }
}

function paymentPage(
  context: Context,
  session: Stripe.Checkout.Session,
  attempt: { kept: KeptFields; errors?: FieldErrors; decline?: string },
): string {
  return renderPaymentPage({
    session,
    purchase: describePurchase(
      session,
      readHidden(context.store, "checkout.session", session.id),
      context.now,
    ),
    businessName: ACCOUNT_NAME,
    needsCard: needsCard(session),
    kept: attempt.kept,
    errors: attempt.errors ?? {},
    decline: attempt.decline ?? null,
  });
}

/** https://docs.stripe.com/payments/checkout/custom-success-page */
function successUrl(session: Stripe.Checkout.Session): string {
  return (session.success_url ?? "/").replaceAll("{CHECKOUT_SESSION_ID}", session.id);
}

function unknownSession(): Answer {
  const message =
    "This link does not lead to a checkout. It may have been copied in part, or the local Stripe was reset.";
  return htmlAnswer(404, renderNoticePage({ title: "Checkout not found", message, link: null }));
}

function expiredSession(session: Stripe.Checkout.Session): Answer {
  const message = "This checkout has expired. Nothing was charged. Go back and start again.";
  const link = session.cancel_url === null ? null : { href: session.cancel_url, label: "Go back" };
  return htmlAnswer(410, renderNoticePage({ title: "Checkout expired", message, link }));
}

/** What the session was to create can no longer be: its customer was deleted, say. */
function cannotComplete(session: Stripe.Checkout.Session, reason: string): Answer {
  const message = `Nothing was charged. Stripe's reason: ${reason}`;
  const link = session.cancel_url === null ? null : { href: session.cancel_url, label: "Go back" };
  return htmlAnswer(400, renderNoticePage({ title: "This checkout cannot be completed", message, link }));
}

function completeAlready(session: Stripe.Checkout.Session): Answer {
  const message = "This checkout is already complete. You were not charged again.";
  const link = { href: successUrl(session), label: "Continue" };
  return htmlAnswer(200, renderNoticePage({ title: "Already complete", message, link }));
}
