import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { withCustomerLease } from "@/lib/services/customers/with-customer-lease";
import { isStripeError } from "@/lib/stripe/stripe-error";
import { projectCustomer } from "./project-customer";

/**
 * Reads a customer's billing from Stripe again and mirrors it. What a page calls that was returned to from a
 * payment: it believes Stripe, never the redirect.
 * @throws AppError `stripe_unavailable`, `conflict` when others hold the customer for more than 5 s.
 */
export async function syncCustomer(ctx: Context, { customerId }: { customerId: string }): Promise<void> {
  try {
    await withCustomerLease(ctx, customerId, 5_000, (lease) => projectCustomer(ctx, lease));
  } catch (error) {
    if (isStripeError(error)) throw stripeUnavailable(error);
    throw error;
  }
}

/** Reading failed: whatever Stripe's reason, the customer can only try again. */
export function stripeUnavailable(cause: unknown): AppError {
  return new AppError(
    "stripe_unavailable",
    "The payment service does not answer at the moment. Please try again.",
    {
      cause,
      retryAfterSeconds: 5,
    },
  );
}
