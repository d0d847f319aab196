import type Stripe from "stripe";
import { ACCOUNT_NAME } from "@/local/stripe/account/account-name";
import type { Context } from "@/local/stripe/context";
import { renderNoticePage } from "@/local/stripe/hosted-checkout/render-notice-page";
import { html } from "@/local/stripe/html";
import { type Answer, htmlAnswer, seeOther } from "@/local/stripe/http/answer";
import type { ApiServer } from "@/local/stripe/http/handle-api-request";
import { formatMoney } from "@/local/stripe/money";
import { renderPage } from "@/local/stripe/page-layout";
import { completeAuthentication } from "@/local/stripe/payment-intents/complete-authentication";
import { cardName } from "@/local/stripe/payment-methods/card-name";
import { idOf } from "@/local/stripe/references";
import { findObject, inTransaction } from "@/local/stripe/store/store";
import { framedByLoopback } from "@/local/stripe/stripe-js/framed-by-loopback";
import { businessTimeOf } from "@/local/stripe/time/business-time";

type Intent = Stripe.PaymentIntent | Stripe.SetupIntent;

/**
 * The bank's page of a 3D Secure challenge, `/3ds/<intent>`: approve it or fail it. Where the intent has a way back the
 * browser is sent there as Stripe sends it; inside of Stripe.js's dialog the page only says that it is done.
 * https://docs.stripe.com/payments/3d-secure/authentication-flow
 */
export function handleChallengePage(
  server: ApiServer,
  request: { method: string; url: URL; body: string },
): Answer {
  const id = request.url.pathname.slice("/3ds/".length);
  const intent = findIntent(server, id);
  if (!intent) {
    const message =
      "This link leads to no payment. It may have been copied in part, or the local Stripe was reset.";
    return framedByLoopback(
      htmlAnswer(404, renderNoticePage({ title: "Nothing to confirm", message, link: null })),
    );
  }
  if (intent.status !== "requires_action") return framedByLoopback(settled(intent));
  if (request.method !== "POST") return framedByLoopback(htmlAnswer(200, renderChallenge(server, intent)));
  const outcome = new URLSearchParams(request.body).get("outcome") === "succeeded" ? "succeeded" : "failed";
  const { now, testClock } = businessTimeOf(server.store, [id]);
  const context: Context = {
    store: server.store,
    now,
    baseUrl: server.baseUrl,
    request: { id: null, idempotencyKey: null },
  };
  // The way back is forgotten with the step it belonged to.
  const returnUrl = returnUrlOf(intent);
  const after = inTransaction(server.store, () => completeAuthentication(context, id, outcome), testClock);
  return returnUrl === null ? framedByLoopback(settled(after)) : seeOther(withResult(returnUrl, after));
}

function findIntent(server: ApiServer, id: string): Intent | null {
  return findObject(server.store, id.startsWith("seti_") ? "setup_intent" : "payment_intent", id);
}

function returnUrlOf({ next_action: action }: Intent): string | null {
  return action?.redirect_to_url?.return_url ?? null;
}

/** https://docs.stripe.com/payments/3d-secure/authentication-flow#return-url */
function withResult(returnUrl: string, intent: Intent): string {
  const url = new URL(returnUrl);
  const kind = intent.object === "setup_intent" ? "setup_intent" : "payment_intent";
  url.searchParams.set(kind, intent.id);
  url.searchParams.set(`${kind}_client_secret`, intent.client_secret ?? "");
  const isGood = ["succeeded", "requires_capture", "processing"].includes(intent.status);
  url.searchParams.set("redirect_status", isGood ? "succeeded" : "failed");
  return url.href;
}

function renderChallenge(server: ApiServer, intent: Intent): string {
  const reference = intent.payment_method;
  const method = reference ? findObject(server.store, "payment_method", idOf(reference)) : null;
  const card = method?.card ? cardName(method.card) : "your card";
  const what =
    intent.object === "payment_intent"
      ? `${ACCOUNT_NAME} asks for ${formatMoney(intent.amount, intent.currency)} from ${card}.`
      : `${ACCOUNT_NAME} asks to save ${card} for later payments.`;
  return renderPage(
    "3D Secure test page",
    html`<h1>Your bank asks: is this you?</h1>
<p class="big">${what}</p>
<form method="post" class="card"><p class="soft">A real bank would ask for a code or a fingerprint here. Choose how its answer turns out.</p>
<button name="outcome" value="succeeded">Complete authentication</button>
<button name="outcome" value="failed" class="quiet">Fail authentication</button></form>`,
  );
}

function settled(intent: Intent): Answer {
  const isGood = ["succeeded", "requires_capture", "processing", "requires_confirmation"].includes(
    intent.status,
  );
  const title = isGood ? "Authentication complete" : "Authentication failed";
  const message = isGood ? "You can go back now." : "Nothing was charged. Go back and try another card.";
  return htmlAnswer(200, renderNoticePage({ title, message, link: null }));
}
