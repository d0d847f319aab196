import type Stripe from "stripe";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { renderAddressFields } from "@/local/stripe/hosted-checkout/address-fields";
import { renderField } from "@/local/stripe/hosted-checkout/card-fields";
import type { FieldErrors } from "@/local/stripe/hosted-checkout/read-card-form";
import { keptOf, readAddress } from "@/local/stripe/hosted-checkout/read-checkout-form";
import { html } from "@/local/stripe/html";
import { type Answer, htmlAnswer } from "@/local/stripe/http/answer";
import { refreshDrafts } from "@/local/stripe/invoices/refresh-drafts";
import { renderPage } from "@/local/stripe/page-layout";
import { afterChange, nothingHere, type Portal, refreshed } from "./portal";

type Attempt = { kept?: Record<string, string>; errors?: FieldErrors };

/** What the customer may change about itself, as the configuration allows. */
export function billingDetailsPage(portal: Portal, { kept = {}, errors = {} }: Attempt): Answer {
  const { features, path } = portal;
  if (!features.customer_update.enabled) return nothingHere(portal);
  const allowed = features.customer_update.allowed_updates;
  const customer = refreshed(portal);
  const field = (name: "name" | "email" | "phone", label: string, type: string, autocomplete: string) =>
    allowed.includes(name) &&
    renderField(name, label, errors, {
      type,
      autocomplete,
      value: kept[name] ?? customer[name] ?? "",
      isOptional: name !== "email",
    });
  return htmlAnswer(
    Object.keys(errors).length > 0 ? 422 : 200,
    renderPage(
      "Billing details",
      html`<p><a href="${path}?home=1">Back to billing</a></p><h1>Billing details</h1>
<form method="post" action="${path}/billing" class="card" novalidate>
${field("name", "Name", "text", "name")}${field("email", "Email", "email", "email")}${field("phone", "Phone number", "tel", "tel")}
${allowed.includes("address") && renderAddressFields(kept, customer.address ?? null, errors)}
<button type="submit">Save</button></form>`,
    ),
  );
}

/** Keeps what may be changed; anything else that was posted is not looked at. */
export function saveBillingDetails(portal: Portal, posted: URLSearchParams): Answer {
  const { context, features } = portal;
  if (!features.customer_update.enabled) return nothingHere(portal);
  const allowed = features.customer_update.allowed_updates;
  const value = (name: string) => (posted.get(name) ?? "").trim() || null;
  const email = value("email");
  if (allowed.includes("email") && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email ?? "")) {
    return billingDetailsPage(portal, {
      kept: keptOf(posted),
      errors: { email: "Enter your email address." },
    });
  }
  const before = refreshed(portal);
  const changed: Stripe.Customer = {
    ...before,
    ...(allowed.includes("name") ? { name: value("name") } : {}),
    ...(allowed.includes("email") ? { email } : {}),
    ...(allowed.includes("phone") ? { phone: value("phone") } : {}),
    ...(allowed.includes("address") ? { address: readAddress(posted) } : {}),
  };
  saveAndTell(context, "customer", changed, before, "customer.updated");
  refreshDrafts(context, before.id);
  return afterChange(portal, "saved");
}
