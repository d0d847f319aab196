import type { Context } from "@/local/stripe/context";
import { resourceMissing } from "@/local/stripe/http/stripe-api-error";
import { type ListFilter, ofCustomer } from "@/local/stripe/store/list-objects";
import { findAnyObject } from "@/local/stripe/store/store";

/**
 * The filter of a list by customer. A deleted customer's objects can still be listed.
 * @throws StripeApiError 400 when there never was such a customer.
 */
export function customerFilter(context: Context, customerId: string | undefined): ListFilter[] {
  if (customerId === undefined) return [];
  if (!findAnyObject(context.store, customerId)) {
    throw resourceMissing("customer", customerId, "customer", 400);
  }
  return [ofCustomer(customerId)];
}
