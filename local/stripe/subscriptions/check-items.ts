import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { hasCurrency } from "@/local/stripe/prices/with-amounts";
import type { NewItem } from "./build-item";
import { listLiveSubscriptions } from "./list-live-subscriptions";

/**
 * What Stripe demands of a subscription's prices before it creates one.
 * https://docs.stripe.com/api/subscriptions/create
 * @throws StripeApiError naming the item's price.
 */
export function checkItems(
  context: Context,
  customer: Stripe.Customer | null,
  items: readonly NewItem[],
  currency: string,
  paramOf: (index: number) => string,
): void {
  if (items.length === 0) throw invalidRequest("A subscription needs at least one item.", { param: "items" });
  items.forEach(({ price, hasQuantity, mayBeInactive }, index) => {
    const param = paramOf(index);
    checkPriceIsUsable(price, mayBeInactive ?? false, param);
    if (!hasCurrency(context, price, currency)) {
      const message = `The price specified only supports \`${price.currency}\`. This doesn't match the expected currency: \`${currency}\`.`;
      throw invalidRequest(message, { param });
    }
    if (hasQuantity && price.recurring?.usage_type === "metered") {
      throw invalidRequest("You cannot set the quantity for metered plans.", {
        param: param.replace(/\[price\]$/, "[quantity]"),
      });
    }
    if (items.findIndex((item) => item.price.id === price.id) !== index) {
      throw invalidRequest(`The subscription has duplicate items for the price \`${price.id}\`.`, { param });
    }
  });
  checkIntervals(items, paramOf);
  if (customer) checkCustomerCurrency(context, customer, currency);
}

/** A subscription takes active, recurring prices; one made in passing is for whoever made it. @throws StripeApiError */
function checkPriceIsUsable(price: Stripe.Price, mayBeInactive: boolean, param: string): void {
  if (!price.active && !mayBeInactive) {
    throw invalidRequest("The price specified is inactive. This field only accepts active prices.", {
      param,
    });
  }
  if (price.type !== "recurring") {
    throw invalidRequest(
      "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
      { param },
    );
  }
}

/** A customer's subscriptions all share one currency. https://docs.stripe.com/billing/customer */
function checkCustomerCurrency(context: Context, customer: Stripe.Customer, currency: string): void {
  const other = listLiveSubscriptions(context, customer.id).find((live) => live.currency !== currency);
  if (!other) return;
  throw invalidRequest(
    "You cannot combine currencies on a single customer. This customer has an active subscription, subscription " +
      `schedule, discount, quote, or invoice item with currency ${other.currency}.`,
  );
}

/**
 * Every interval is a multiple of the shortest. https://docs.stripe.com/billing/subscriptions/mixed-interval#interval-alignment
 * @throws StripeApiError
 */
export function checkIntervals(items: readonly NewItem[], paramOf: (index: number) => string): void {
  const intervals = items.map(({ price }) => intervalOf(price));
  const shortest = intervals.reduce((a, b) => (approximateDays(b) < approximateDays(a) ? b : a));
  intervals.forEach((interval, index) => {
    if (isMultiple(interval, shortest)) return;
    throw invalidRequest(
      "All prices on a subscription must have recurring intervals that are multiples of the shortest interval among them.",
      { param: paramOf(index) },
    );
  });
}

type Length = { unit: "day" | "month"; count: number };

function intervalOf({ recurring }: Stripe.Price): Length {
  const count = recurring?.interval_count ?? 1;
  switch (recurring?.interval) {
    case "week":
      return { unit: "day", count: 7 * count };
    case "month":
      return { unit: "month", count };
    case "year":
      return { unit: "month", count: 12 * count };
    default:
      return { unit: "day", count };
  }
}

function isMultiple(interval: Length, of: Length): boolean {
  if (interval.unit === of.unit) return interval.count % of.count === 0;
  return of.unit === "day" && of.count === 1;
}

function approximateDays({ unit, count }: Length): number {
  return unit === "day" ? count : 30 * count;
}
