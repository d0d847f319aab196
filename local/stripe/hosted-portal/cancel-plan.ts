import type Stripe from "stripe";
import { type Html, html } from "@/local/stripe/html";
import { type Answer, htmlAnswer } from "@/local/stripe/http/answer";
import { formatDate, formatMoney } from "@/local/stripe/money";
import { renderPage } from "@/local/stripe/page-layout";
import { findObject } from "@/local/stripe/store/store";
import { cancelSubscription } from "@/local/stripe/subscriptions/cancel-subscription";
import { currentPeriodEnd } from "@/local/stripe/subscriptions/item-periods";
import { updateSubscription } from "@/local/stripe/subscriptions/update-subscription";
import { afterChange, nothingHere, type Portal, productNameOf } from "./portal";

const REASONS = {
  too_expensive: "It's too expensive",
  missing_features: "I need more features",
  switched_service: "I found an alternative",
  unused: "I no longer need it",
  customer_service: "Customer service was less than expected",
  too_complex: "Ease of use was less than expected",
  low_quality: "Quality was less than expected",
  other: "Other reason",
} as const;

/** Asks once more before the end, why, and offers what the session's flow has to offer. https://docs.stripe.com/customer-management/cancellation-page */
export function cancelPage(portal: Portal, subscription: Stripe.Subscription): Answer {
  const { features, path } = portal;
  const { subscription_cancel: feature } = features;
  if (!feature.enabled || subscription.cancel_at !== null) return nothingHere(portal);
  const names = subscription.items.data.map(({ price }) => productNameOf(portal, price)).join(", ");
  const end = formatDate(currentPeriodEnd(subscription));
  const when =
    feature.mode === "immediately"
      ? "Your plan ends at once."
      : `Your plan stays available until the end of your billing period on ${end}.`;
  return htmlAnswer(
    200,
    renderPage(
      "Cancel your plan",
      html`<p><a href="${path}?home=1">Back to billing</a></p><h1>Cancel ${names}</h1><p class="big">${when}</p>
${renderOffer(portal, subscription)}
<form method="post" class="card">
${feature.cancellation_reason.enabled && renderReasons(feature.cancellation_reason.options)}
<button name="action" value="cancel">Cancel plan</button></form>`,
    ),
  );
}

/** Ends the plan as the configuration says, or takes the offer and goes on. A second press finds nothing to end. */
export function submitCancel(
  portal: Portal,
  subscription: Stripe.Subscription,
  posted: URLSearchParams,
): Answer {
  const { context, features } = portal;
  const { subscription_cancel: feature } = features;
  if (!feature.enabled || subscription.cancel_at !== null) return nothingHere(portal);
  const coupon = offerOf(portal, subscription);
  if (posted.get("action") === "accept_offer") {
    if (!coupon) return nothingHere(portal);
    updateSubscription(context, subscription.id, { discounts: [{ coupon: coupon.id }] });
    return afterChange(portal, "kept");
  }
  const reasons = feature.cancellation_reason.enabled ? feature.cancellation_reason.options : [];
  const feedback = reasonOf(posted.get("feedback"), reasons);
  const comment = posted.get("comment")?.trim() || null;
  const details = {
    ...(feedback ? { feedback } : {}),
    ...(comment === null ? {} : { comment: comment.slice(0, 5000) }),
  };
  if (feature.mode === "immediately") {
    const prorates = feature.proration_behavior !== "none";
    const invoice = feature.proration_behavior === "always_invoice" ? "now" : "none";
    cancelSubscription(context, subscription, details, { prorates, invoice });
  } else {
    updateSubscription(context, subscription.id, {
      cancel_at_period_end: true,
      cancellation_details: details,
    });
  }
  return afterChange(portal, "canceled");
}

/** Takes the announced end back. */
export function resumeRenewal(portal: Portal, subscription: Stripe.Subscription): Answer {
  if (!portal.features.subscription_cancel.enabled) return nothingHere(portal);
  if (subscription.cancel_at !== null) {
    updateSubscription(portal.context, subscription.id, { cancel_at_period_end: false });
  }
  return afterChange(portal, "renewed");
}

function reasonOf(given: string | null, offered: string[]): keyof typeof REASONS | null {
  // The table holds exactly the keys its type names.
  const known = Object.keys(REASONS) as (keyof typeof REASONS)[];
  return known.find((reason) => reason === given && offered.includes(reason)) ?? null;
}

function renderReasons(options: string[]): Html {
  const shown = Object.entries(REASONS).filter(([reason]) => options.includes(reason));
  return html`<fieldset><legend>Why do you cancel?</legend>
${shown.map(([reason, text]) => html`<label class="check"><input type="radio" name="feedback" value="${reason}">${text}</label>`)}
<label for="comment">Anything else? <span class="soft">(optional)</span></label><textarea id="comment" name="comment" rows="3" maxlength="5000"></textarea></fieldset>`;
}

/** https://docs.stripe.com/customer-management/cancellation-page#retention-coupons */
function renderOffer(portal: Portal, subscription: Stripe.Subscription): Html | null {
  const coupon = offerOf(portal, subscription);
  if (!coupon) return null;
  const off =
    coupon.percent_off !== null
      ? `${coupon.percent_off} %`
      : formatMoney(coupon.amount_off ?? 0, coupon.currency ?? subscription.currency);
  const time =
    coupon.duration === "repeating"
      ? ` for ${coupon.duration_in_months} months`
      : coupon.duration === "once"
        ? " your next invoice"
        : " from now on";
  return html`<form method="post" class="card"><h2>Before you go</h2><p>Stay and get ${off} off${time}.</p>
<button name="action" value="accept_offer">Accept the offer and stay</button></form>`;
}

function offerOf({ context, session }: Portal, { id }: Stripe.Subscription): Stripe.Coupon | null {
  const cancel = session.flow?.subscription_cancel;
  const coupon = cancel?.subscription === id ? cancel.retention?.coupon_offer?.coupon : undefined;
  const found = coupon === undefined ? null : findObject(context.store, "coupon", coupon);
  return found?.valid ? found : null;
}
