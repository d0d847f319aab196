import type Stripe from "stripe";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { renderCardFields, renderTestCards } from "@/local/stripe/hosted-checkout/card-fields";
import { type FieldErrors, readCardForm } from "@/local/stripe/hosted-checkout/read-card-form";
import { html } from "@/local/stripe/html";
import { type Answer, htmlAnswer, seeOther } from "@/local/stripe/http/answer";
import { renderPage } from "@/local/stripe/page-layout";
import { createCardPaymentMethod } from "@/local/stripe/payment-methods/create-payment-method";
import { detachPaymentMethod } from "@/local/stripe/payment-methods/detach-payment-method";
import { idOf } from "@/local/stripe/references";
import { attemptSetup } from "@/local/stripe/setup-intents/attempt-setup";
import { createSetupIntent } from "@/local/stripe/setup-intents/create-setup-intent";
import { findObject } from "@/local/stripe/store/store";
import { listLiveSubscriptions } from "@/local/stripe/subscriptions/list-live-subscriptions";
import { afterChange, nothingHere, ownMethod, type Portal, refreshed } from "./portal";

type Attempt = { errors?: FieldErrors; name?: string; decline?: string };

/** The page a card is added on. */
export function addPage(portal: Portal, attempt: Attempt, status = 200): Answer {
  const { path } = portal;
  return htmlAnswer(
    status,
    renderPage(
      "Add payment method",
      html`<p><a href="${path}?home=1">Back to billing</a></p><h1>Add payment method</h1>
${attempt.decline !== undefined && html`<p class="alert" role="alert">${attempt.decline}</p>`}
<form method="post" action="${path}/payment-methods/add" class="card" novalidate>
${renderCardFields(attempt.errors ?? {}, attempt.name ?? "")}
<button type="submit">Add</button>
<p class="soft">It becomes your default payment method.</p></form>
${renderTestCards()}`,
    ),
  );
}

/** Saves the card, by way of its bank where that asks for it. https://docs.stripe.com/payments/save-and-reuse */
export function submitMethod(portal: Portal, posted: URLSearchParams): Answer {
  const { context, customer } = portal;
  const errors: FieldErrors = {};
  const name = posted.get("name") ?? "";
  const card = readCardForm(posted, errors, context.now);
  if (!card || Object.keys(errors).length > 0) return addPage(portal, { errors, name }, 422);
  const billing = { name, email: customer.email };
  const method = createCardPaymentMethod(context, card, { billing, allowRedisplay: "always" });
  const intent = createSetupIntent(context, { customer: customer.id, metadata: {}, description: null });
  const returnUrl = `${context.baseUrl}${portal.path}/payment-methods/added`;
  const tried = attemptSetup(context, intent, method, returnUrl);
  if (tried.status === "requires_action") return seeOther(`/3ds/${tried.id}`);
  return settled(portal, tried, name);
}

/** The customer is back from the bank's page. */
export function authenticatedMethod(portal: Portal, intentId: string): Answer {
  const intent = findObject(portal.context.store, "setup_intent", intentId);
  if (!intent || intent.customer !== portal.customer.id) return nothingHere(portal);
  return settled(portal, intent, "");
}

/** What invoices are charged to from now on, those of subscriptions with a method of their own too. */
export function setDefaultMethod(portal: Portal, id: string): Answer {
  const method = ownMethod(portal, id);
  if (!method) return nothingHere(portal);
  makeDefault(portal, method.id);
  return afterChange(portal, "default");
}

/** Takes a method off the customer. The default stays: something is to be charged to it. */
export function removeMethod(portal: Portal, id: string): Answer {
  const method = ownMethod(portal, id);
  const main = refreshed(portal).invoice_settings.default_payment_method;
  if (!method || (main !== null && idOf(main) === id)) return nothingHere(portal);
  detachPaymentMethod(portal.context, id);
  return afterChange(portal, "removed");
}

function settled(portal: Portal, intent: Stripe.SetupIntent, name: string): Answer {
  if (intent.status === "succeeded" && intent.payment_method !== null) {
    makeDefault(portal, idOf(intent.payment_method));
    return afterChange(portal, "added");
  }
  const decline = intent.last_setup_error?.message ?? "Your card was declined.";
  return addPage(portal, { name, decline }, 402);
}

function makeDefault(portal: Portal, id: string): void {
  const { context } = portal;
  const before = refreshed(portal);
  const settings = { ...before.invoice_settings, default_payment_method: id };
  saveAndTell(context, "customer", { ...before, invoice_settings: settings }, before, "customer.updated");
  for (const subscription of listLiveSubscriptions(context, before.id)) {
    if (subscription.default_payment_method === null) continue;
    const changed = { ...subscription, default_payment_method: id };
    saveAndTell(context, "subscription", changed, subscription, "customer.subscription.updated");
  }
}
