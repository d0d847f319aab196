import type { DbTransaction } from "@/lib/db/client";

/** One change at a time to the keys of a customer, or with null to the platform's, until the transaction ends. */
export async function lockKeyOwner(transaction: DbTransaction, customerId: string | null): Promise<void> {
  if (customerId)
    await transaction.$queryRaw`select 1 from customers where id = ${customerId}::uuid for update`;
  // The catalogue's one row stands for the platform.
  else await transaction.$queryRaw`select 1 from catalogue for update`;
}
