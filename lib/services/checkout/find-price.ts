import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { PlanPrice, PlanTerms, PriceInterval } from "@/lib/domain/catalogue";
import { intervalName } from "@/lib/domain/money";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";

/** What a customer may name: a plan and, where it is sold in several, an interval and a currency. Never an amount. */
export type PriceChoice = {
  plan: string;
  interval?: PriceInterval | undefined;
  intervalCount?: number | undefined;
  currency?: string | undefined;
};

/**
 * The price on sale that a choice means. A customer keeps the currency of the first purchase; before it, what is not
 * named is the catalogue's own.
 * @param keptCurrency of the first purchase; null before it
 * @throws AppError `invalid_request` naming the field, and what there is instead.
 */
export async function findPrice(
  ctx: Pick<Context, "db">,
  choice: PriceChoice,
  keptCurrency: string | null,
): Promise<{ plan: PlanTerms; price: PlanPrice }> {
  const { plans, currency: own } = await getCatalogue(ctx);
  const plan = plans.find((entry) => entry.slug === choice.plan);
  if (!plan)
    refuse(
      "plan",
      `there is no plan "${choice.plan}"; there are: ${plans.map((entry) => entry.slug).join(", ")}`,
    );
  if (plan.availability !== "public") refuse("plan", `${plan.name} is by application only`);
  if (plan.prices.length === 0) refuse("plan", `${plan.name} is free: there is nothing to subscribe to`);

  const currency = choice.currency ?? keptCurrency ?? own;
  const inCurrency = plan.prices.filter((price) => price.currency === currency);
  if (keptCurrency !== null && currency !== keptCurrency)
    refuse(
      "currency",
      `this account pays in ${keptCurrency.toUpperCase()}, the currency of its first purchase; name that or none`,
    );
  if (inCurrency.length === 0) {
    const currencies = [...new Set(plan.prices.map((price) => price.currency.toUpperCase()))].join(", ");
    refuse("currency", `${plan.name} is not sold in ${currency.toUpperCase()}; it is sold in ${currencies}`);
  }

  const matching = inCurrency.filter(
    (price) =>
      (choice.interval === undefined || price.interval === choice.interval) &&
      (choice.intervalCount === undefined || price.intervalCount === choice.intervalCount),
  );
  const [price] = matching;
  const sold = inCurrency.map((entry) => `every ${intervalName(entry)}`).join(", ");
  if (!price) refuse("interval", `${plan.name} is not sold by that interval; it is sold ${sold}`);
  if (matching.length > 1) refuse("interval", `${plan.name} is sold ${sold}: say which`);
  return { plan, price };
}

function refuse(field: string, message: string): never {
  throw new AppError("invalid_request", "This cannot be bought.", { fields: [{ field, message }] });
}
