import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { sendStripeCommand } from "@/lib/services/stripe-commands/send-stripe-command";
import { queueCustomerUpdate } from "./queue-customer-update";

/**
 * The Stripe customer of a customer, made at the first need. One each: the command's key is the customer's id,
 * and a database trigger refuses a second. (S1-43, S4-16, S4-19)
 * @returns Stripe's id.
 * @throws AppError `not_found`, `stripe_unavailable`.
 */
export async function ensureStripeCustomer(
  ctx: Context,
  { customerId }: { customerId: string },
): Promise<string> {
  const customer = await ctx.db.customer.findUnique({ where: { id: customerId } });
  if (!customer) throw new AppError("not_found", "There is no such customer.");
  if (customer.stripeCustomerId) return customer.stripeCustomerId;

  const { id: stripeCustomerId } = await sendStripeCommand(ctx, {
    kind: "customers.create",
    idempotencyKey: `customer:${customerId}`,
    customerId,
    parameters: {
      email: customer.email,
      name: customer.name,
      metadata: { customer_id: customerId, customer_type: customer.type },
    },
  });
  await ctx.db.$transaction(async (transaction) => {
    const now = await transaction.customer.update({ where: { id: customerId }, data: { stripeCustomerId } });
    // Changed while Stripe was being asked: what it was told is old already.
    if (now.name !== customer.name || now.email !== customer.email) {
      await queueCustomerUpdate(transaction, now);
    }
  });
  return stripeCustomerId;
}
