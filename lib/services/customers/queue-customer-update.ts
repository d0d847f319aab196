import type { DbTransaction } from "@/lib/db/client";
import { newId } from "@/lib/new-id";
import type { StripeCommandParameters } from "@/lib/stripe/commands";

/**
 * Has Stripe told what a customer is called now, in the transaction that changes it; the sweep makes the call. A
 * change that is still waiting is given up for this one, which says all it said. Nothing to do before the first
 * purchase: the Stripe customer is made from what is true then.
 */
export async function queueCustomerUpdate(
  transaction: DbTransaction,
  customer: { id: string; stripeCustomerId: string | null; name: string; email: string },
): Promise<void> {
  if (!customer.stripeCustomerId) return;
  const at = new Date();
  await transaction.stripeCommand.updateMany({
    where: { customerId: customer.id, kind: "customers.update", state: "pending" },
    data: { state: "abandoned", nextAttemptAt: null, updatedAt: at },
  });
  const parameters: StripeCommandParameters["customers.update"] = {
    customer: customer.stripeCustomerId,
    name: customer.name,
    email: customer.email,
  };
  const id = newId();
  await transaction.stripeCommand.create({
    data: {
      id,
      customerId: customer.id,
      kind: "customers.update",
      idempotencyKey: `customer-update:${id}`,
      parameters,
      state: "pending",
      nextAttemptAt: at,
      createdAt: at,
      updatedAt: at,
    },
  });
}
