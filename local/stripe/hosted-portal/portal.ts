import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { renderNoticePage } from "@/local/stripe/hosted-checkout/render-notice-page";
import { type Answer, htmlAnswer, seeOther } from "@/local/stripe/http/answer";
import { getByPath, idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { hasEnded } from "@/local/stripe/subscriptions/list-live-subscriptions";

/** A portal session that may be used, and whose it is. */
export type Portal = {
  context: Context;
  session: Stripe.BillingPortal.Session;
  features: Stripe.BillingPortal.Configuration["features"];
  headline: string | null;
  customer: Stripe.Customer;
  /** Where its pages are, without a slash at the end. */
  path: string;
};

/** What was changed, as the overview tells it. */
export type Done = "added" | "canceled" | "default" | "kept" | "removed" | "renewed" | "saved" | "updated";

/** A subscription of the portal's own customer that can still be changed; another's is as if it were not there. */
export function ownSubscription(portal: Portal, id: string): Stripe.Subscription | null {
  const subscription = findObject(portal.context.store, "subscription", id);
  if (!subscription || idOf(subscription.customer) !== portal.customer.id) return null;
  return hasEnded(subscription) || subscription.status === "incomplete" ? null : subscription;
}

/** A payment method of the portal's own customer. */
export function ownMethod(portal: Portal, id: string): Stripe.PaymentMethod | null {
  const method = findObject(portal.context.store, "payment_method", id);
  return method && method.customer === portal.customer.id ? method : null;
}

/** Where a change leads: to the overview, or where the session's flow says. https://docs.stripe.com/customer-management/portal-deep-links */
export function afterChange(portal: Portal, done: Done): Answer {
  const after = portal.session.flow?.after_completion;
  if (after?.type === "redirect" && after.redirect) return seeOther(after.redirect.return_url);
  if (after?.type === "hosted_confirmation") {
    const message = after.hosted_confirmation?.custom_message ?? "Your change is saved.";
    const back = portal.session.return_url;
    const link = back === null ? null : { href: back, label: "Return" };
    return htmlAnswer(200, renderNoticePage({ title: "Done", message, link }));
  }
  return seeOther(`${portal.path}?done=${done}`);
}

/** The answer for what is not there, not the customer's, or not offered. */
export function nothingHere(portal: Portal): Answer {
  const message = "There is nothing to see here, or it cannot be changed any more.";
  const link = { href: `${portal.path}?home=1`, label: "Go back" };
  return htmlAnswer(404, renderNoticePage({ title: "Not found", message, link }));
}

/** What a price is of. */
export function productNameOf({ context }: Portal, price: Stripe.Price): string {
  return findObject(context.store, "product", idOf(price.product))?.name ?? "Plan";
}

/** The customer as it is now. */
export function refreshed(portal: Portal): Stripe.Customer {
  return getByPath(portal.context, "customer", portal.customer.id);
}
