import type Stripe from "stripe";
import { html } from "@/local/stripe/html";
import { type Answer, htmlAnswer } from "@/local/stripe/http/answer";
import { framedByLoopback } from "@/local/stripe/stripe-js/framed-by-loopback";
import { renderNoticePage } from "./render-notice-page";

/**
 * A page of an embedded session, in the frame that Stripe.js makes for it. Its script tells the shop's page how high it
 * is, and when the checkout is through.
 */
export function embedded(session: Stripe.Checkout.Session, answer: Answer): Answer {
  if (session.ui_mode !== "embedded_page" || typeof answer.body !== "string") return answer;
  const returnUrl = returnUrlOf(session);
  const script = html`<script id="embedded-checkout" src="/js/frames/checkout-frame.js"
data-is-complete="${String(session.status === "complete")}" ${returnUrl !== null && html`data-return-url="${returnUrl}"`}></script>`;
  // A part of the shop's page now, which has a main part of its own.
  const part = answer.body.replace("<main>", '<main aria-label="Checkout">');
  const body = part.replace("</body>", `${script.markup}</body>`);
  return framedByLoopback({ ...answer, body }, { runsScripts: true });
}

/** Nothing is left to do. https://docs.stripe.com/payments/checkout/custom-success-page?payment-ui=embedded-page */
export function completeInFrame(): Answer {
  const message = "Thank you. This checkout is complete.";
  return htmlAnswer(200, renderNoticePage({ title: "Payment complete", message, link: null }));
}

/** Where the shop's page goes on; null where it stays, as it does for cards unless it is always to be left. */
function returnUrlOf(session: Stripe.Checkout.Session): string | null {
  if (session.redirect_on_completion !== "always" || session.return_url === undefined) return null;
  return session.return_url.replaceAll("{CHECKOUT_SESSION_ID}", session.id);
}
