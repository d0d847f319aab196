import type Stripe from "stripe";
import { type Html, html } from "@/local/stripe/html";
import { type Answer, htmlAnswer } from "@/local/stripe/http/answer";
import { createPreview } from "@/local/stripe/invoices/create-preview";
import { formatDate, formatMoney, formatPrice } from "@/local/stripe/money";
import { renderPage } from "@/local/stripe/page-layout";
import { findObject } from "@/local/stripe/store/store";
import { currentPeriodEnd } from "@/local/stripe/subscriptions/item-periods";
import { updateSubscription } from "@/local/stripe/subscriptions/update-subscription";
import { afterChange, nothingHere, type Portal, productNameOf } from "./portal";

type Choice = { item: Stripe.SubscriptionItem; price: Stripe.Price; quantity: number };
type Product = NonNullable<Portal["features"]["subscription_update"]["products"]>[number];

/** The plans the configuration offers. https://docs.stripe.com/customer-management/configure-portal */
export function changePage(portal: Portal, subscription: Stripe.Subscription): Answer {
  const item = onlyItem(portal, subscription);
  if (!item) return nothingHere(portal);
  const base = `${portal.path}/subscriptions/${subscription.id}/update/confirm`;
  return htmlAnswer(
    200,
    renderPage(
      "Change your plan",
      html`<p><a href="${portal.path}?home=1">Back to billing</a></p><h1>Change your plan</h1>
${offered(portal, item).map(({ product, price }) => renderChoice(portal, base, item, product, price))}`,
    ),
  );
}

/** What the change costs, today and from then on, before it is confirmed. */
export function confirmPage(
  portal: Portal,
  subscription: Stripe.Subscription,
  asked: URLSearchParams,
): Answer {
  const choice = choiceOf(portal, subscription, asked);
  if (!choice) return nothingHere(portal);
  const { price, quantity } = choice;
  const preview = createPreview(portal.context, {
    subscription: subscription.id,
    subscription_details: detailsOf(portal, subscription, choice),
    ...discountsOf(portal),
  });
  const money = (amount: number) => formatMoney(amount, preview.currency);
  const isNow = preview.billing_reason !== "upcoming";
  return htmlAnswer(
    200,
    renderPage(
      "Confirm your change",
      html`<p><a href="${portal.path}?home=1">Back to billing</a></p><h1>Confirm your change</h1>
<p class="big">${productNameOf(portal, price)}${quantity > 1 && html` × ${quantity}`}, ${formatPrice(price, quantity)}</p>
<div class="card"><table class="lines"><caption>${isNow ? "Charged today" : `On your next invoice, ${formatDate(currentPeriodEnd(subscription))}`}</caption>
<thead><tr><th scope="col">Description</th><th scope="col" class="amount">Amount</th></tr></thead>
<tbody>${preview.lines.data.map((line) => html`<tr><td>${line.description ?? "Item"}</td><td class="amount">${money(line.amount)}</td></tr>`)}</tbody></table></div>
<dl class="card sums"><dt>Total</dt><dd>${money(preview.total)}</dd>
<dt class="due">Due today</dt><dd class="due">${money(isNow ? preview.amount_due : 0)}</dd></dl>
<form method="post"><input type="hidden" name="price" value="${price.id}"><input type="hidden" name="quantity" value="${quantity}">
<button>Confirm</button></form>`,
    ),
  );
}

/**
 * Makes the change that was confirmed; a declined card leaves everything as it was.
 * @throws StripeApiError 402
 */
export function submitChange(
  portal: Portal,
  subscription: Stripe.Subscription,
  posted: URLSearchParams,
): Answer {
  const choice = choiceOf(portal, subscription, posted);
  if (!choice) return nothingHere(portal);
  const isSame = choice.item.price.id === choice.price.id && (choice.item.quantity ?? 1) === choice.quantity;
  // A second press finds the change made.
  if (isSame) return afterChange(portal, "updated");
  updateSubscription(portal.context, subscription.id, {
    ...detailsOf(portal, subscription, choice),
    payment_behavior: "error_if_incomplete",
    ...discountsOf(portal),
  });
  return afterChange(portal, "updated");
}

function renderChoice(
  portal: Portal,
  action: string,
  item: Stripe.SubscriptionItem,
  product: Product,
  price: Stripe.Price,
): Html {
  const { adjustable_quantity: range } = product;
  const name = productNameOf(portal, price);
  const mayCount =
    range.enabled && portal.features.subscription_update.default_allowed_updates.includes("quantity");
  const isCurrent = item.price.id === price.id;
  return html`<form method="get" action="${action}" class="card"><h2>${name}</h2><p>${formatPrice(price)}${isCurrent && html` · <strong>Current plan</strong>`}</p>
<input type="hidden" name="price" value="${price.id}">
${mayCount && html`<label for="quantity_${price.id}">Quantity</label><input id="quantity_${price.id}" name="quantity" type="number" min="${range.minimum}" max="${range.maximum ?? 999_999}" value="${item.quantity ?? 1}">`}
${(!isCurrent || mayCount) && html`<button class="quiet" aria-label="${isCurrent ? "Change quantity" : "Choose"}: ${name}, ${formatPrice(price)}">${isCurrent ? "Change quantity" : "Choose"}</button>`}</form>`;
}

/** The portal changes subscriptions of one item alone. */
function onlyItem({ features }: Portal, subscription: Stripe.Subscription): Stripe.SubscriptionItem | null {
  const [item, ...others] = subscription.items.data;
  const isOffered = features.subscription_update.enabled && subscription.cancel_at === null;
  return item && others.length === 0 && isOffered ? item : null;
}

/** Prices of the configured products in the subscription's currency; the current one alone where prices stay. */
function offered(
  { context, features }: Portal,
  item: Stripe.SubscriptionItem,
): { product: Product; price: Stripe.Price }[] {
  const mayChoose = features.subscription_update.default_allowed_updates.includes("price");
  return (features.subscription_update.products ?? []).flatMap((product) =>
    product.prices.flatMap((id) => {
      const price = findObject(context.store, "price", id);
      const isOpen = price?.active && price.currency === item.price.currency;
      return price && isOpen && (mayChoose || id === item.price.id) ? [{ product, price }] : [];
    }),
  );
}

/** What was chosen: by the flow the session was made for, or among what is offered. */
function choiceOf(portal: Portal, subscription: Stripe.Subscription, asked: URLSearchParams): Choice | null {
  const item = onlyItem(portal, subscription);
  if (!item) return null;
  const flow = portal.session.flow?.subscription_update_confirm;
  if (flow) {
    const wanted =
      flow.subscription === subscription.id ? flow.items.find(({ id }) => id === item.id) : undefined;
    const price = wanted && findObject(portal.context.store, "price", wanted.price ?? item.price.id);
    return price ? { item, price, quantity: wanted?.quantity ?? item.quantity ?? 1 } : null;
  }
  const found = offered(portal, item).find(({ price }) => price.id === asked.get("price"));
  if (!found) return null;
  const { adjustable_quantity: range } = found.product;
  const mayCount =
    range.enabled && portal.features.subscription_update.default_allowed_updates.includes("quantity");
  const quantity = mayCount && asked.has("quantity") ? Number(asked.get("quantity")) : (item.quantity ?? 1);
  const isAllowed =
    Number.isInteger(quantity) &&
    (!mayCount || (quantity >= range.minimum && quantity <= (range.maximum ?? 999_999)));
  return isAllowed ? { item, price: found.price, quantity } : null;
}

/** The change as the API takes it: one for the preview and for what is then done. */
function detailsOf(portal: Portal, { status }: Stripe.Subscription, { item, price, quantity }: Choice) {
  const {
    billing_cycle_anchor: anchor,
    proration_behavior: behavior,
    trial_update_behavior: trial,
  } = portal.features.subscription_update;
  const prorations = (["always_invoice", "create_prorations", "none"] as const).find(
    (one) => one === behavior,
  );
  return {
    items: [{ id: item.id, price: price.id, quantity }],
    proration_behavior: prorations ?? ("none" as const),
    ...(anchor === "now" ? { billing_cycle_anchor: { type: "now" as const } } : {}),
    ...(status === "trialing" && trial === "end_trial" ? { trial_end: "now" as const } : {}),
  };
}

/** What the flow gives with the change. */
function discountsOf({ session }: Portal): { discounts?: { coupon?: string; promotion_code?: string }[] } {
  const discounts = session.flow?.subscription_update_confirm?.discounts;
  if (!discounts) return {};
  return {
    discounts: discounts.map(({ coupon, promotion_code: code }) => ({
      ...(coupon === null ? {} : { coupon }),
      ...(code === null ? {} : { promotion_code: code }),
    })),
  };
}
