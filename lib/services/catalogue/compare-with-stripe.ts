import type { Context } from "@/lib/context";
import { findStripeChanges, type StripeChange } from "./find-stripe-changes";
import { readStripeCatalogue } from "./read-stripe-catalogue";

/**
 * What Stripe has otherwise than what is on sale here, as a push would put it right: prices that are not there yet, that
 * were archived or edited in Stripe's dashboard, that no plan sells any more; products that were renamed. Reads only.
 * @throws AppError `stripe_unavailable`.
 */
export async function compareWithStripe(ctx: Pick<Context, "db" | "stripe">): Promise<StripeChange[]> {
  const stripe = await readStripeCatalogue(ctx);
  return findStripeChanges(ctx.db, stripe);
}
