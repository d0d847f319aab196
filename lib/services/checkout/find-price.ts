import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { PlanPrice, PlanTerms, PriceInterval } from "@/lib/domain/catalogue";
import { intervalName } from "@/lib/domain/money";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";

/** What a customer may name: a plan and, where it is sold by several, an interval. Never an amount. */
export type PriceChoice = { plan: string; interval?: PriceInterval; intervalCount?: number };

/**
 * The price on sale that a choice means.
 * @throws AppError `invalid_request` naming the field, and what there is instead.
 */
export async function findPrice(
  ctx: Pick<Context, "db">,
  choice: PriceChoice,
): Promise<{ plan: PlanTerms; price: PlanPrice }> {
  const { plans } = await getCatalogue(ctx);
  const plan = plans.find((entry) => entry.slug === choice.plan);
  if (!plan)
    refuse(
      "plan",
      `there is no plan "${choice.plan}"; there are: ${plans.map((entry) => entry.slug).join(", ")}`,
    );
  if (plan.availability !== "public") refuse("plan", `${plan.name} is by application only`);
  if (plan.prices.length === 0) refuse("plan", `${plan.name} is free: there is nothing to subscribe to`);

  const matching = plan.prices.filter(
    (price) =>
      (choice.interval === undefined || price.interval === choice.interval) &&
      (choice.intervalCount === undefined || price.intervalCount === choice.intervalCount),
  );
  const [price] = matching;
  const sold = plan.prices.map((entry) => `every ${intervalName(entry)}`).join(", ");
  if (!price) refuse("interval", `${plan.name} is not sold by that interval; it is sold ${sold}`);
  if (matching.length > 1) refuse("interval", `${plan.name} is sold ${sold}: say which`);
  return { plan, price };
}

function refuse(field: string, message: string): never {
  throw new AppError("invalid_request", "This cannot be bought.", { fields: [{ field, message }] });
}
