import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { meteredUsage } from "@/local/stripe/meters/metered-usage";
import { idOf } from "@/local/stripe/references";
import type { Period } from "./item-periods";
import { readSecrets, saveSecrets } from "./secrets";

/** Whether an item is billed for what was used, after the period. */
export function isMetered({ price }: Pick<Stripe.SubscriptionItem, "price">): boolean {
  return price.recurring?.usage_type === "metered";
}

/** What the customer used of the item's meter in its period and was not billed for yet, as a decimal. */
export function unbilledUsage(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  until: number,
): { quantity: string; period: Period } {
  const billedUntil = readSecrets(context, subscription.id).usageBilledUntil[item.id] ?? 0;
  const start = Math.min(until, Math.max(item.current_period_start, billedUntil));
  const meter = item.price.recurring?.meter;
  const span = { customer: idOf(subscription.customer), start, end: until };
  return {
    quantity: meter ? meteredUsage(context, { meter, ...span }) : "0",
    period: { start, end: until },
  };
}

/** Usage of the items up to now was billed or is not to be; what follows counts. */
export function settleUsage(context: Context, subscriptionId: string, itemIds: readonly string[]): void {
  if (itemIds.length === 0) return;
  const { usageBilledUntil } = readSecrets(context, subscriptionId);
  const settled = Object.fromEntries(itemIds.map((id) => [id, context.now]));
  saveSecrets(context, subscriptionId, { usageBilledUntil: { ...usageBilledUntil, ...settled } });
}
