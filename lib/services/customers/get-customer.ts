import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { type CustomerDetails, toDetails } from "./put-customer";

/** The customer whom the adopter calls `externalId`. @throws AppError `not_found` */
export async function getCustomer(
  ctx: Pick<Context, "db">,
  { externalId }: { externalId: string },
): Promise<CustomerDetails> {
  const row = await ctx.db.customer.findUnique({ where: { externalId } });
  if (!row) throw new AppError("not_found", "There is no such customer.");
  return toDetails(row);
}
