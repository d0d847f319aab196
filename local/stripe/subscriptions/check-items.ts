import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest, notSimulated } from "@/local/stripe/http/stripe-api-error";
import type { NewItem } from "./build-subscription";
import { listLiveSubscriptions } from "./list-live-subscriptions";

/**
 * What Stripe demands of a subscription's prices before it creates one.
 * https://docs.stripe.com/api/subscriptions/create
 * @throws StripeApiError naming the item's price.
 */
export function checkItems(
  context: Context,
  customer: Stripe.Customer | null,
  items: NewItem[],
  paramOf: (index: number) => string,
): void {
  const [first] = items;
  if (!first) throw invalidRequest("A subscription needs at least one item.", { param: "items" });
  items.forEach(({ price }, index) => {
    const param = paramOf(index);
    checkPriceIsUsable(price, param);
    if (price.currency !== first.price.currency) {
      const message = `The price specified only supports \`${price.currency}\`. This doesn't match the expected currency: \`${first.price.currency}\`.`;
      throw invalidRequest(message, { param });
    }
    if (items.findIndex((item) => item.price.id === price.id) !== index) {
      throw invalidRequest(`The subscription has duplicate items for the price \`${price.id}\`.`, { param });
    }
    const { recurring } = first.price;
    const isSamePeriod =
      price.recurring?.interval === recurring?.interval &&
      price.recurring?.interval_count === recurring?.interval_count;
    if (!isSamePeriod) throw notSimulated("mixing billing intervals in one subscription", param);
  });
  if (customer) checkCustomerCurrency(context, customer, first.price.currency);
}

/** A subscription takes active, recurring prices. @throws StripeApiError */
function checkPriceIsUsable(price: Stripe.Price, param: string): void {
  if (!price.active) {
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
