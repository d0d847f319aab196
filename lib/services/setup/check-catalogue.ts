import type { Context } from "@/lib/context";
import { runCheck, type SystemCheck } from "./system-check";

/** That every price that is sold exists at Stripe. */
export function checkCatalogue(ctx: Context): Promise<SystemCheck> {
  return runCheck("The catalogue cannot be read: the database does not answer.", async () => {
    const [plans, prices, missing] = await Promise.all([
      ctx.db.plan.count(),
      ctx.db.price.count(),
      ctx.db.price.count({ where: { stripePriceId: null } }),
    ]);
    const facts = [
      { term: "Preset", detail: ctx.env.catalogue },
      { term: "Plans", detail: String(plans) },
      { term: "Prices", detail: `${prices}, ${prices - missing} of them at Stripe` },
    ];
    if (plans === 0) {
      return {
        state: "failed",
        summary: "Nothing is published. Run: node --import tsx scripts/seed.ts",
        facts,
      };
    }
    if (missing > 0) {
      return {
        state: "attention",
        summary: "Prices are missing at Stripe; nobody can buy them. Run: node --import tsx scripts/seed.ts",
        facts,
      };
    }
    return { state: "works", summary: "Published, and every price exists at Stripe.", facts };
  });
}
