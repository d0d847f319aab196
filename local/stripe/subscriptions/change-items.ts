import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { applyDiscountParams } from "@/local/stripe/discounts/apply-discount-params";
import { invalidRequest, resourceMissing } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { idOf } from "@/local/stripe/references";
import { readTaxRates } from "@/local/stripe/tax/read-tax-rates";
import { buildItem, type NewItem, withPrice } from "./build-item";
import { checkIntervals, checkItems } from "./check-items";
import { periodFrom } from "./item-periods";
import { isMetered } from "./metered-usage";
import { type ItemParams, readNewItem, readPrice } from "./read-items";

/** The items as they will be, those that are new or different marked. */
export type ChangedItems = {
  items: Stripe.SubscriptionItem[];
  touched: Set<string>;
  removed: Stripe.SubscriptionItem[];
};

/**
 * The subscription's items with what `items` asks for: an item that is named is changed or taken away, one that is not
 * is new. https://docs.stripe.com/api/subscriptions/update#update_subscription-items
 * @param takesArchived whether prices and tax rates may be archived by now: a schedule promised them earlier.
 * @throws StripeApiError naming the parameter.
 */
export function changeItems(
  context: Context,
  before: Stripe.Subscription,
  changes: readonly ItemParams[],
  takesArchived = false,
): ChangedItems {
  const touched = new Set<string>();
  const removed: Stripe.SubscriptionItem[] = [];
  let items = before.items.data;
  const discountOwner = {
    customer: idOf(before.customer),
    currency: before.currency,
    subscription: before.id,
  };
  changes.forEach((change, index) => {
    const path = `items[${index}]`;
    if (change.id === undefined) {
      const added = addItem(context, before, readNewItem(context, change, path, takesArchived));
      const discounts = applyDiscountParams(context, change.discounts ?? [], {
        ...discountOwner,
        subscriptionItem: added.id,
        amount: null,
        param: `${path}[discounts]`,
      });
      items = [...items, { ...added, discounts }];
      touched.add(added.id);
      return;
    }
    const item = items.find(({ id }) => id === change.id);
    if (!item) throw resourceMissing("subscription item", change.id, `${path}[id]`, 400);
    if (change.deleted) {
      items = items.filter(({ id }) => id !== item.id);
      removed.push(item);
      return;
    }
    const next = changeItem(context, item, change, path, takesArchived);
    const discounts =
      change.discounts === undefined
        ? item.discounts
        : applyDiscountParams(context, change.discounts ?? [], {
            ...discountOwner,
            subscriptionItem: item.id,
            amount: null,
            current: item.discounts.map(idOf),
            param: `${path}[discounts]`,
          });
    if (next.price.id !== item.price.id || next.quantity !== item.quantity) touched.add(item.id);
    items = items.map((other) => (other.id === item.id ? { ...next, discounts } : other));
  });
  if (changes.length > 0) checkResult(context, before, { items, touched, changes, takesArchived });
  return { items, touched, removed };
}

function changeItem(
  context: Context,
  item: Stripe.SubscriptionItem,
  change: ItemParams,
  path: string,
  takesArchived: boolean,
): Stripe.SubscriptionItem {
  const hasPrice = change.price !== undefined || change.price_data !== undefined;
  const price = hasPrice ? readPrice(context, change, path) : item.price;
  const priced = price.id === item.price.id ? item : withPrice(item, price);
  if (change.quantity !== undefined && isMetered(priced)) {
    throw invalidRequest("You cannot set the quantity for metered plans.", { param: `${path}[quantity]` });
  }
  return {
    ...priced,
    ...(isMetered(priced) ? {} : { quantity: change.quantity ?? priced.quantity ?? 1 }),
    metadata: mergeMetadata(item.metadata, change.metadata),
    tax_rates:
      change.tax_rates === undefined
        ? item.tax_rates
        : readTaxRates(context, change.tax_rates ?? [], `${path}[tax_rates]`, takesArchived),
  };
}

/** A new item joins the cycle: its first period ends at the next boundary of its interval, or with the trial. */
function addItem(context: Context, before: Stripe.Subscription, item: NewItem): Stripe.SubscriptionItem {
  if (!item.price.recurring) {
    const message =
      "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.";
    throw invalidRequest(message, { param: "items" });
  }
  const { end } = periodFrom(before, item, context.now);
  const trialEnd = before.status === "trialing" ? before.trial_end : null;
  return buildItem(context, before.id, item, { start: context.now, end: trialEnd ?? end });
}

type Result = Pick<ChangedItems, "items" | "touched"> & {
  changes: readonly ItemParams[];
  takesArchived: boolean;
};

function checkResult(
  context: Context,
  before: Stripe.Subscription,
  { items, touched, changes, takesArchived }: Result,
): void {
  if (items.length === 0) {
    throw invalidRequest(
      "A subscription must have at least one active plan. To cancel a subscription, please use the cancel API endpoint.",
      { param: "items" },
    );
  }
  const asNew = (item: Stripe.SubscriptionItem): NewItem => ({
    price: item.price,
    quantity: item.quantity ?? 1,
    metadata: item.metadata,
    mayBeInactive:
      takesArchived ||
      changes.some(({ id, price_data }) => price_data !== undefined && (id ?? item.id) === item.id),
  });
  const paramOf = (item: Stripe.SubscriptionItem | undefined): string => {
    const index = changes.findIndex(({ id, price }) => id === item?.id || price === item?.price.id);
    return `items[${Math.max(0, index)}][price]`;
  };
  const checked = items.filter(({ id }) => touched.has(id));
  if (checked.length > 0) {
    checkItems(context, null, checked.map(asNew), before.currency, (index) => paramOf(checked[index]));
  }
  checkIntervals(items.map(asNew), (index) => paramOf(items[index]));
  const duplicate = items.find(
    (item, index) => items.findIndex(({ price }) => price.id === item.price.id) !== index,
  );
  if (duplicate) {
    throw invalidRequest(`Cannot add multiple subscription items with the same plan: ${duplicate.price.id}`, {
      param: paramOf(duplicate),
    });
  }
}
