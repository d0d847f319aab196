import { readPreset } from "@/catalogues/read-preset";
import type { Context } from "@/lib/context";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { pushCatalogue } from "@/lib/services/catalogue/push-catalogue";
import { DEFAULT_SEED, type DemoWorld, leaveThePast, makeDemoWorld } from "./demo-world";

/** How each outcome reads at the terminal. */
const WORLD_LINES: Record<DemoWorld, string> = {
  lived: "a demo world with a history made",
  complete: "the demo world is there",
  "present only": "demo accounts without a history, as the local Stripe has customers already",
};

/**
 * Publishes the catalogue, here and at Stripe, and in local mode makes the demo world unless it is to stay empty.
 * @returns one line that says what was done.
 */
export async function seedDatabase(
  ctx: Context,
  { isEmpty, seed = DEFAULT_SEED }: { isEmpty: boolean; seed?: number },
): Promise<string> {
  const published = await publishCatalogue(ctx, { catalogue: readPreset(ctx.env.catalogue) });
  const pushed = await pushCatalogue(ctx);
  const catalogue = `${published.length} plans published, ${pushed.prices} prices made at Stripe`;
  const { localUrl } = ctx.env.stripe;
  if (!ctx.env.local || !localUrl) return catalogue;
  if (isEmpty) {
    await leaveThePast(ctx, localUrl);
    return `${catalogue}; no demo accounts`;
  }
  const present = new Date(Math.floor(ctx.now.getTime() / 1000) * 1000);
  return `${catalogue}; ${WORLD_LINES[await makeDemoWorld(ctx, localUrl, { seed, present })]}`;
}
