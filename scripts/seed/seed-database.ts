import { createHash } from "node:crypto";
import { readPreset } from "@/catalogues/read-preset";
import type { Context } from "@/lib/context";
import { normalizeCatalogue } from "@/lib/domain/normalize-catalogue";
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
  const published = await publishPreset(ctx);
  const pushed = await pushCatalogue(ctx);
  const catalogue = `${published} plans published, ${pushed.prices} prices made at Stripe`;
  const { localUrl } = ctx.env.stripe;
  if (!ctx.env.local || !localUrl) return catalogue;
  if (isEmpty) {
    await leaveThePast(ctx, localUrl);
    return `${catalogue}; no demo accounts`;
  }
  const present = new Date(Math.floor(ctx.now.getTime() / 1000) * 1000);
  return `${catalogue}; ${WORLD_LINES[await makeDemoWorld(ctx, localUrl, { seed, present })]}`;
}

/**
 * Publishes the preset when it is new or its file has changed. What was published otherwise since, by the API or
 * `npm run catalogue`, is not undone by a start.
 * @returns how many plans got a new version.
 */
async function publishPreset(ctx: Context): Promise<number> {
  const preset = readPreset(ctx.env.catalogue);
  const presetHash = createHash("sha256")
    .update(JSON.stringify(normalizeCatalogue(preset)))
    .digest("hex");
  const onSale = await ctx.db.catalogue.findFirst({ orderBy: { publishedAt: "desc" } });
  if (onSale?.key === preset.key && onSale.presetHash === presetHash) return 0;
  const published = await publishCatalogue(ctx, { catalogue: preset });
  await ctx.db.catalogue.update({ where: { key: preset.key }, data: { presetHash } });
  return published.length;
}
