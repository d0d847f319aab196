import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { readHidden } from "@/local/stripe/store/store";
import { knownRate } from "./rate-table";
import { taxLocation } from "./tax-location";

/**
 * Whether tax can be computed for a customer, and by which address: the shipping address comes before the billing one.
 * IP addresses are kept but not located. https://docs.stripe.com/tax/customer-locations
 */
export function customerTax(context: Context, customer: Stripe.Customer): Stripe.Customer.Tax {
  const { ipAddress } = readHidden(context.store, "customer", customer.id);
  const shipping = taxLocation(customer.shipping?.address);
  const location = shipping ?? taxLocation(customer.address);
  return {
    automatic_tax: !location ? "unrecognized_location" : knownRate(location) ? "supported" : "not_collecting",
    ip_address: ipAddress,
    location: location && { ...location, source: shipping ? "shipping_destination" : "billing_address" },
    provider: "stripe",
  };
}

/** @throws StripeApiError `customer_tax_location_invalid` when the place is not known. */
export function checkTaxLocation(context: Context, customer: Stripe.Customer): void {
  if (customerTax(context, customer).automatic_tax !== "unrecognized_location") return;
  throw invalidRequest(
    "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
    { code: "customer_tax_location_invalid", param: "tax[validate_location]" },
  );
}
