import type { Context } from "@/lib/context";
import type { Catalogue } from "@/lib/domain/catalogue";
import { findStripeChanges, type StripeChange } from "./find-stripe-changes";
import { writeCatalogue } from "./publish-catalogue";
import { readStripeCatalogue } from "./read-stripe-catalogue";

const UNDO = new Error("undone on purpose");

/**
 * What pushing a catalogue would do at Stripe, in the words of the push itself. Nothing is changed, here or there: the
 * catalogue is published in a transaction that is never committed.
 * @throws AppError `stripe_unavailable`.
 */
export async function previewPush(
  ctx: Pick<Context, "db" | "stripe" | "now">,
  { catalogue }: { catalogue: Catalogue },
): Promise<StripeChange[]> {
  const stripe = await readStripeCatalogue(ctx);
  let changes: StripeChange[] = [];
  try {
    await ctx.db.$transaction(async (tx) => {
      await writeCatalogue(tx, catalogue, ctx.now);
      changes = await findStripeChanges(tx, stripe);
      throw UNDO;
    });
  } catch (error) {
    if (error !== UNDO) throw error;
  }
  return changes;
}
