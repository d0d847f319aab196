import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { pageOfArray, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { flag, oneOf, required, text, timestamp } from "@/local/stripe/http/params";
import { resourceMissing } from "@/local/stripe/http/stripe-api-error";
import { getByParam } from "@/local/stripe/references";
import { findSubscriptionOfItem } from "./find-subscription-of-item";
import { changedItemParams } from "./item-params";
import { prorationBehaviorParam } from "./subscription-params";
import { type UpdateParams, updateSubscription } from "./update-subscription";

const { id: _id, deleted: _deleted, ...itemParams } = changedItemParams;

const billingParams = {
  off_session: flag(),
  payment_behavior: oneOf(
    "allow_incomplete",
    "default_incomplete",
    "error_if_incomplete",
    "pending_if_incomplete",
  ),
  proration_behavior: prorationBehaviorParam,
  proration_date: timestamp(),
};

/** Items as a resource of their own: the same changes as an update of their subscription. https://docs.stripe.com/api/subscription_items */
export const subscriptionItemOperations = [
  operation({
    method: "POST",
    path: "/v1/subscription_items",
    params: { ...itemParams, ...billingParams, subscription: required(text()) },
    run: (context, params) => {
      const {
        subscription: id,
        off_session,
        payment_behavior,
        proration_behavior,
        proration_date,
        ...item
      } = params;
      const before = getByParam(context, "subscription", id, "subscription");
      const billing = billingOf({ off_session, payment_behavior, proration_behavior, proration_date });
      const after = updateSubscription(context, id, { ...billing, items: [item] });
      const known = new Set(before.items.data.map((other) => other.id));
      // An update that waits for its payment has not added the item yet.
      const items = after.pending_update?.subscription_items ?? after.items.data;
      const added = items.find((other) => !known.has(other.id));
      if (!added) throw new Error(`${id} got no item.`);
      return added;
    },
  }),
  operation({
    method: "GET",
    path: "/v1/subscription_items",
    params: { ...paginationParams, subscription: required(text()) },
    run: (context, params) => {
      const { items } = getByParam(context, "subscription", params.subscription, "subscription");
      return pageOfArray("/v1/subscription_items", items.data, params);
    },
  }),
  operation({
    method: "GET",
    path: "/v1/subscription_items/:item",
    params: {},
    run: (context, _params, path) => getItem(context, path.item).item,
  }),
  operation({
    method: "POST",
    path: "/v1/subscription_items/:id",
    params: { ...itemParams, ...billingParams },
    run: (context, params, path) => {
      const { off_session, payment_behavior, proration_behavior, proration_date, ...change } = params;
      const { subscription } = getItem(context, path.id);
      const billing = billingOf({ off_session, payment_behavior, proration_behavior, proration_date });
      updateSubscription(context, subscription.id, { ...billing, items: [{ ...change, id: path.id }] });
      return getItem(context, path.id).item;
    },
  }),
  operation({
    method: "DELETE",
    path: "/v1/subscription_items/:id",
    params: billingParams,
    run: (context, params, path) => {
      const { subscription } = getItem(context, path.id);
      const { id } = subscription;
      updateSubscription(context, id, { ...billingOf(params), items: [{ id: path.id, deleted: true }] });
      return { id: path.id, object: "subscription_item", deleted: true };
    },
  }),
];

/** Only what was given, as an update takes it. */
function billingOf(
  params: {
    [K in keyof typeof billingParams]?: UpdateParams[K] | undefined;
  },
): Pick<UpdateParams, keyof typeof billingParams> {
  const { off_session, payment_behavior, proration_behavior, proration_date } = params;
  return {
    ...(off_session === undefined ? {} : { off_session }),
    ...(payment_behavior === undefined ? {} : { payment_behavior }),
    ...(proration_behavior === undefined ? {} : { proration_behavior }),
    ...(proration_date === undefined ? {} : { proration_date }),
  };
}

function getItem(
  context: Context,
  id: string,
): { subscription: Stripe.Subscription; item: Stripe.SubscriptionItem } {
  const subscription = findSubscriptionOfItem(context, id);
  const item = subscription?.items.data.find((other) => other.id === id);
  if (!subscription || !item) throw resourceMissing("subscription_item", id, "item", 404);
  return { subscription, item };
}
