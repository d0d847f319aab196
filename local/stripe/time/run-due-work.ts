import { expireSession } from "@/local/stripe/checkout-sessions/expire-session";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { findObject, inTransaction, type Store } from "@/local/stripe/store/store";
import { cancelSubscription } from "@/local/stripe/subscriptions/cancel-subscription";
import { hasEnded } from "@/local/stripe/subscriptions/list-live-subscriptions";
import { type DueWork, forgetDue, nextDue } from "./due";

/**
 * Does everything that fell due up to the moment, in order, each at its own time: one leap of the clock
 * leaves the same state as many small steps.
 */
export function runDueWork(store: Store, baseUrl: string, until: number): void {
  for (let work = nextDue(store, until); work; work = nextDue(store, until)) {
    const due = work;
    const context: Context = { store, now: due.at, baseUrl, request: { id: null, idempotencyKey: null } };
    inTransaction(store, () => {
      forgetDue(store, due.objectId, due.kind);
      perform(context, due);
    });
  }
}

function perform(context: Context, work: DueWork): void {
  if (work.kind === "expire_checkout_session") {
    const session = findObject(context.store, "checkout.session", work.objectId);
    if (session?.status === "open") expireSession(context, session);
    return;
  }
  const subscription = findObject(context.store, "subscription", work.objectId);
  if (!subscription || hasEnded(subscription)) return;
  if (work.kind === "cancel_subscription") cancelSubscription(context, subscription, {});
  else if (subscription.status === "trialing") {
    emitEvent(context, "customer.subscription.trial_will_end", subscription);
  }
}
