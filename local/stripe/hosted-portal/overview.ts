import type Stripe from "stripe";
import { ACCOUNT_NAME } from "@/local/stripe/account/account-name";
import { bankAccountName } from "@/local/stripe/bank-debits/bank-account-name";
import { type Html, html } from "@/local/stripe/html";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { createPreview } from "@/local/stripe/invoices/create-preview";
import { formatDate, formatMoney, formatPrice } from "@/local/stripe/money";
import { renderPage } from "@/local/stripe/page-layout";
import { cardName } from "@/local/stripe/payment-methods/card-name";
import { idOf } from "@/local/stripe/references";
import { listAllObjects, listObjects, ofCustomer } from "@/local/stripe/store/list-objects";
import { currentPeriodEnd } from "@/local/stripe/subscriptions/item-periods";
import { listLiveSubscriptions } from "@/local/stripe/subscriptions/list-live-subscriptions";
import { type Done, type Portal, productNameOf, refreshed } from "./portal";

const TOLD: Record<Done, string> = {
  added: "Your payment method was added.",
  canceled: "Your subscription was canceled.",
  default: "Your default payment method was changed.",
  kept: "Your subscription goes on, with the discount.",
  removed: "Your payment method was removed.",
  renewed: "Your subscription goes on.",
  saved: "Your billing details were saved.",
  updated: "Your subscription was updated.",
};

/** What the customer has: plans, payment methods, billing details, invoices. */
export function overviewPage(portal: Portal, done: string | null): string {
  const { session, features } = portal;
  const told = Object.entries(TOLD).find(([name]) => name === done)?.[1] ?? null;
  return renderPage(
    `Billing · ${ACCOUNT_NAME}`,
    html`${session.return_url !== null && html`<p><a href="${session.return_url}">Return to ${ACCOUNT_NAME}</a></p>`}
<h1>${portal.headline ?? `Your billing with ${ACCOUNT_NAME}`}</h1>
${told !== null && html`<p class="good" role="status">${told}</p>`}
${renderSubscriptions(portal)}
${renderMethods(portal)}
${renderDetails(portal)}
${features.invoice_history.enabled && renderInvoices(portal)}`,
  );
}

function renderSubscriptions(portal: Portal): Html {
  const subscriptions = listLiveSubscriptions(portal.context, portal.customer.id).filter(
    ({ status }) => status !== "incomplete",
  );
  return html`<section class="card" aria-labelledby="plans"><h2 id="plans">Current plan</h2>
${subscriptions.length === 0 && html`<p class="soft">You have no subscription.</p>`}
<ul class="plain">${subscriptions.map((subscription) => renderSubscription(portal, subscription))}</ul></section>`;
}

function renderSubscription(portal: Portal, subscription: Stripe.Subscription): Html {
  const { features, path } = portal;
  const base = `${path}/subscriptions/${subscription.id}`;
  const isEnding = subscription.cancel_at !== null;
  const mayChange = features.subscription_update.enabled && subscription.items.data.length === 1 && !isEnding;
  return html`<li>${subscription.items.data.map(
    ({
      price,
      quantity,
    }) => html`<strong>${productNameOf(portal, price)}</strong>${(quantity ?? 1) > 1 && html` × ${quantity ?? 1}`}<br>
${price.unit_amount === null ? "" : formatPrice(price, quantity ?? 1)}<br>`,
  )}
<span class="soft">${stateOf(portal, subscription)}</span>
${mayChange && html`<p><a href="${base}/update">Change plan</a></p>`}
${features.subscription_cancel.enabled && !isEnding && html`<p><a href="${base}/cancel">Cancel plan</a></p>`}
${features.subscription_cancel.enabled && isEnding && html`<form method="post" action="${base}/renew"><button class="quiet">Don't cancel plan</button></form>`}</li>`;
}

/** When it is charged next and how much, as the renewal will have it. */
function stateOf({ context }: Portal, subscription: Stripe.Subscription): string {
  if (subscription.cancel_at !== null) return `Your plan ends on ${formatDate(subscription.cancel_at)}.`;
  if (subscription.status === "past_due" || subscription.status === "unpaid")
    return "Your last payment failed.";
  if (subscription.status === "paused") return "Your plan is paused.";
  const isTrial = subscription.status === "trialing";
  try {
    const preview = createPreview(context, { subscription: subscription.id });
    const amount = formatMoney(preview.amount_due, preview.currency);
    const date = formatDate(currentPeriodEnd(subscription));
    return `${isTrial ? "Your trial ends" : "Your plan renews"} on ${date}. You are then charged ${amount}.`;
  } catch (error) {
    if (error instanceof StripeApiError) return "";
    throw error;
  }
}

function renderMethods(portal: Portal): Html {
  const { context, customer, features, path } = portal;
  const main = refreshed(portal).invoice_settings.default_payment_method;
  const methods = listAllObjects(context.store, "payment_method", [ofCustomer(customer.id)]);
  const mayChange = features.payment_method_update.enabled;
  return html`<section class="card" aria-labelledby="methods"><h2 id="methods">Payment methods</h2>
${methods.length === 0 && html`<p class="soft">There is none yet.</p>`}
<ul class="plain">${methods.map(({ id, card, us_bank_account: account }) => {
    const isMain = main !== null && idOf(main) === id;
    const name = card ? cardName(card) : account ? bankAccountName(account) : id;
    return html`<li>${name}${card !== undefined && html` <span class="soft">expires ${card.exp_month}/${card.exp_year}</span>`}${isMain && html` <strong>Default</strong>`}
${
  mayChange &&
  !isMain &&
  html`<div class="row"><form method="post" action="${path}/payment-methods/${id}/default"><button class="small quiet" aria-label="Make default: ${name}">Make default</button></form>
<form method="post" action="${path}/payment-methods/${id}/remove"><button class="small quiet" aria-label="Remove ${name}">Remove</button></form></div>`
}</li>`;
  })}</ul>
${mayChange && html`<p><a href="${path}/payment-methods/add">Add payment method</a></p>`}</section>`;
}

function renderDetails(portal: Portal): Html {
  const { name, email, phone, address } = refreshed(portal);
  const lines = [
    name,
    email,
    phone,
    address?.line1,
    address?.line2,
    address?.postal_code,
    address?.city,
    address?.country,
  ];
  return html`<section class="card" aria-labelledby="details"><h2 id="details">Billing details</h2>
<p>${lines.flatMap((line) => (line ? [html`${line}<br>`] : []))}</p>
${portal.features.customer_update.enabled && html`<p><a href="${portal.path}/billing">Update billing details</a></p>`}</section>`;
}

function renderInvoices({ context, customer }: Portal): Html {
  const filters = [ofCustomer(customer.id)];
  const invoices = listObjects(context.store, "invoice", { filters, limit: 24 }).data.filter(
    ({ status }) => status !== "draft",
  );
  return html`<section class="card" aria-labelledby="invoices"><h2 id="invoices">Invoice history</h2>
${invoices.length === 0 && html`<p class="soft">There is none yet.</p>`}
<ul class="plain">${invoices.map(
    ({
      id,
      created,
      total,
      currency,
      status,
      number,
    }) => html`<li>${formatDate(created)} · ${formatMoney(total, currency)} · ${status ?? ""}<br>
<a href="/invoices/${id}/hosted">Invoice ${number ?? id}</a> · <a href="/invoices/${id}/pdf">PDF of ${number ?? id}</a></li>`,
  )}</ul></section>`;
}
