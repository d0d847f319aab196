import { expireSession } from "@/local/stripe/checkout-sessions/expire-session";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { collectInvoice } from "@/local/stripe/invoices/collect-invoice";
import { findObject, inTransaction, type Store } from "@/local/stripe/store/store";
import type { ObjectType, StoredObjects } from "@/local/stripe/store/stored-objects";
import { cancelSubscription } from "@/local/stripe/subscriptions/cancel-subscription";
import { endTrial } from "@/local/stripe/subscriptions/end-trial";
import { expireIncompleteSubscription } from "@/local/stripe/subscriptions/expire-incomplete-subscription";
import { hasEnded } from "@/local/stripe/subscriptions/list-live-subscriptions";
import { renewSubscription } from "@/local/stripe/subscriptions/renew-subscription";
import { tellUpcomingInvoice } from "@/local/stripe/subscriptions/tell-upcoming-invoice";
import { type DueKind, forgetDue, nextDue } from "./due";

/**
 * Does everything that fell due up to the moment, in order, each at its own time: one leap of the clock
 * leaves the same state as many small steps.
 */
export function runDueWork(store: Store, baseUrl: string, until: number): void {
  for (let work = nextDue(store, until); work; work = nextDue(store, until)) {
    const { at, kind, objectId } = work;
    const context: Context = { store, now: at, baseUrl, request: { id: null, idempotencyKey: null } };
    inTransaction(store, () => {
      forgetDue(store, objectId, kind);
      PERFORM[kind](context, objectId);
    });
  }
}

/** Each kind of work, on an object that may be gone or settled by now. */
const PERFORM: Record<DueKind, (context: Context, objectId: string) => void> = {
  cancel_subscription: onLiveSubscription((context, subscription) =>
    cancelSubscription(context, subscription, {}),
  ),
  end_trial: onLiveSubscription(endTrial),
  expire_checkout_session: on("checkout.session", (context, session) => {
    if (session.status === "open") expireSession(context, session);
  }),
  expire_incomplete_subscription: onLiveSubscription(expireIncompleteSubscription),
  finalize_invoice: on("invoice", collectInvoice),
  renew_subscription: onLiveSubscription(renewSubscription),
  retry_payment: on("invoice", collectInvoice),
  tell_trial_will_end: onLiveSubscription((context, subscription) => {
    if (subscription.status !== "trialing") return;
    emitEvent(context, "customer.subscription.trial_will_end", subscription);
  }),
  tell_upcoming_invoice: onLiveSubscription(tellUpcomingInvoice),
};

function on<T extends ObjectType>(type: T, perform: (context: Context, object: StoredObjects[T]) => void) {
  return (context: Context, objectId: string): void => {
    const object = findObject(context.store, type, objectId);
    if (object) perform(context, object);
  };
}

function onLiveSubscription(
  perform: (context: Context, subscription: StoredObjects["subscription"]) => void,
) {
  return on("subscription", (context, subscription) => {
    if (!hasEnded(subscription)) perform(context, subscription);
  });
}
