import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { DiscountParam } from "@/local/stripe/discounts/discount-params";
import { getByPath, idOf } from "@/local/stripe/references";
import type { ItemParams } from "@/local/stripe/subscriptions/read-items";

type Phase = Stripe.SubscriptionSchedule.Phase;
type PhaseItem = Stripe.SubscriptionSchedule.Phase.Item;
type PhaseDiscount = Stripe.SubscriptionSchedule.Phase.Discount;

/** An item keeps its id where its price stays; a price that goes makes room for one that comes. */
export function changedItems(context: Context, before: Stripe.Subscription, phase: Phase): ItemParams[] {
  const wanted = phase.items.map((item) => ({ item, price: idOf(item.price) }));
  const leaving = before.items.data.filter(({ price }) => !wanted.some((each) => each.price === price.id));
  const changes = wanted.flatMap(({ item, price }): ItemParams[] => {
    const same = before.items.data.find((each) => each.price.id === price);
    if (same) return changesOf(context, same, item);
    const replaced = leaving.shift();
    return [replaced ? { ...itemParams(item), id: replaced.id } : itemParams(item)];
  });
  return [...changes, ...leaving.map(({ id }) => ({ id, deleted: true }))];
}

/**
 * What is to be given anew: nothing where the coupons are the same, so that they go on counting from when they were first
 * given. A phase without discounts ends those of the phase before.
 */
export function changedDiscounts(
  context: Context,
  before: readonly (string | Stripe.Discount)[],
  wanted: readonly PhaseDiscount[],
): { discounts?: DiscountParam[] } {
  const had = before.map((discount) => getByPath(context, "discount", idOf(discount)));
  const isSame =
    had.length === wanted.length &&
    wanted.every(({ coupon, discount, promotion_code: code }, index) => {
      const own = had[index];
      if (discount !== null) return own?.id === idOf(discount);
      if (code !== null) return own?.promotion_code === idOf(code);
      return coupon !== null && own?.source.coupon === idOf(coupon);
    });
  return isSame ? {} : { discounts: wanted.map(discountParam) };
}

/** A phase's item as a subscription takes it. */
export function itemParams(item: PhaseItem): ItemParams & { price: string } {
  return {
    price: idOf(item.price),
    ...(item.quantity === undefined ? {} : { quantity: item.quantity }),
    ...(item.discounts.length === 0 ? {} : { discounts: item.discounts.map(discountParam) }),
    ...(item.tax_rates?.length ? { tax_rates: item.tax_rates.map(({ id }) => id) } : {}),
    metadata: item.metadata ?? {},
  };
}

/** A phase's discount as a subscription takes it. */
export function discountParam(given: PhaseDiscount): DiscountParam {
  return {
    ...(given.coupon === null ? {} : { coupon: idOf(given.coupon) }),
    ...(given.discount === null ? {} : { discount: idOf(given.discount) }),
    ...(given.promotion_code === null ? {} : { promotion_code: idOf(given.promotion_code) }),
  };
}

/** Only what differs, so that an item that stays as it is bills nothing. */
function changesOf(context: Context, same: Stripe.SubscriptionItem, item: PhaseItem): ItemParams[] {
  const rates = (item.tax_rates ?? []).map(({ id }) => id);
  const hasOtherRates = rates.join() !== (same.tax_rates ?? []).map(({ id }) => id).join();
  const hasOtherQuantity = item.quantity !== undefined && item.quantity !== same.quantity;
  const changes: ItemParams = {
    ...(hasOtherQuantity ? { quantity: item.quantity ?? 1 } : {}),
    ...(hasOtherRates ? { tax_rates: rates } : {}),
    ...changedDiscounts(context, same.discounts, item.discounts),
  };
  return Object.keys(changes).length === 0 ? [] : [{ ...changes, id: same.id }];
}
