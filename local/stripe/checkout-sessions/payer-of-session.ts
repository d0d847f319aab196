import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { createCustomer } from "@/local/stripe/customers/create-customer";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { getByParam, getByPath, idOf } from "@/local/stripe/references";
import { createTaxId } from "@/local/stripe/tax/tax-ids";
import type { CheckoutSessionPlan, SubmittedDetails } from "./session-plan";

/** The session's customer with what was typed, or a new one where the session makes one. */
export function payerOfSession(
  context: Context,
  session: Stripe.Checkout.Session,
  plan: CheckoutSessionPlan,
  details: SubmittedDetails,
): Stripe.Customer | null {
  const customer =
    session.customer === null
      ? newCustomer(context, session, details)
      : updated(context, getByParam(context, "customer", idOf(session.customer), "customer"), plan, details);
  if (customer && details.taxId) createTaxId(context, customer.id, details.taxId);
  return customer;
}

function newCustomer(
  context: Context,
  session: Stripe.Checkout.Session,
  { email, name, businessName, address, phone }: SubmittedDetails,
): Stripe.Customer | null {
  if (session.customer_creation !== "always") return null;
  return createCustomer(context, {
    email,
    ...(businessName || name ? { name: businessName ?? name } : {}),
    ...(businessName ? { business_name: businessName } : {}),
    ...(address ? { address } : {}),
    ...(phone ? { phone } : {}),
  });
}

/**
 * Checkout fills in a missing address to write to; name and address only where `customer_update` allows it.
 * https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-customer_update
 */
function updated(
  context: Context,
  customer: Stripe.Customer,
  plan: CheckoutSessionPlan,
  { email, name, businessName, address, phone }: SubmittedDetails,
): Stripe.Customer {
  const newName = businessName || name;
  const changed: Stripe.Customer = {
    ...customer,
    email: customer.email ?? email,
    name: plan.customerUpdate.name && newName ? newName : customer.name,
    ...(plan.customerUpdate.name && businessName ? { business_name: businessName } : {}),
    address: plan.customerUpdate.address && address ? address : customer.address,
    phone: customer.phone ?? phone,
  };
  saveAndTell(context, "customer", changed, customer, "customer.updated");
  return getByPath(context, "customer", customer.id);
}
