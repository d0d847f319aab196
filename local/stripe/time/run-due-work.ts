import { settleBalance } from "@/local/stripe/balance-transactions/settle-balance";
import { settleDebit } from "@/local/stripe/bank-debits/settle-debit";
import { expireGrantByTime } from "@/local/stripe/billing-credits/change-credit-grant";
import { settleCharge } from "@/local/stripe/charges/settle-charge";
import { expireSession } from "@/local/stripe/checkout-sessions/expire-session";
import type { Context } from "@/local/stripe/context";
import { invalidateCoupon } from "@/local/stripe/coupons/redeem-coupon";
import { endDiscountByTime } from "@/local/stripe/discounts/end-discount";
import { decideDispute, expireDispute } from "@/local/stripe/disputes/close-dispute";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { collectInvoice } from "@/local/stripe/invoices/collect-invoice";
import { passDueDate } from "@/local/stripe/invoices/pass-due-date";
import { expireAuthorization } from "@/local/stripe/payment-intents/cancel-payment-intent";
import { settleRefund } from "@/local/stripe/refunds/settle-refund";
import { attempt, findObject, inTransaction, type Store, saveObject } from "@/local/stripe/store/store";
import type { ObjectType, StoredObjects } from "@/local/stripe/store/stored-objects";
import { advanceSchedule } from "@/local/stripe/subscription-schedules/advance-schedule";
import { cancelWhenAnnounced } from "@/local/stripe/subscriptions/cancel-subscription";
import { endTrial } from "@/local/stripe/subscriptions/end-trial";
import { expireIncompleteSubscription } from "@/local/stripe/subscriptions/expire-incomplete-subscription";
import { hasEnded } from "@/local/stripe/subscriptions/list-live-subscriptions";
import { expirePendingUpdate } from "@/local/stripe/subscriptions/pending-update";
import { renewSubscription } from "@/local/stripe/subscriptions/renew-subscription";
import { resumeCollection } from "@/local/stripe/subscriptions/resume-collection";
import { expireResumption } from "@/local/stripe/subscriptions/resume-subscription";
import { tellUpcomingInvoice } from "@/local/stripe/subscriptions/tell-upcoming-invoice";
import { verifyTaxId } from "@/local/stripe/tax/verify-tax-id";
import { deleteTestClock } from "@/local/stripe/test-clocks/delete-test-clock";
import { finishAdvancing } from "@/local/stripe/test-clocks/finish-advancing";
import { type DueKind, type DueWork, forgetDue, nextDue } from "./due";

/** Committing costs more than most of the work itself. */
const BATCH_SIZE = 500;

type Batch = { isLast: boolean; failure: { error: unknown } | null };

/**
 * Does everything that fell due up to the moment, in order, each at its own time: one leap of the clock
 * leaves the same state as many small steps. Then come the test clocks that were told to advance, each by its own time.
 */
export function runDueWork(store: Store, baseUrl: string, until: number): void {
  runUntil(store, baseUrl, null, until);
  const context: Context = { store, now: until, baseUrl, request: { id: null, idempotencyKey: null } };
  finishAdvancing(context, (testClock, target) => runUntil(store, baseUrl, testClock, target));
}

/**
 * A transaction holds some hundred things, each with forgetting that it was due: whenever the process dies, none is lost or
 * done twice. Nobody sees what stands between two of them, because nothing else runs meanwhile.
 * @throws whatever one of them throws; it is taken back and stays due, and what came before it stands.
 */
function runUntil(store: Store, baseUrl: string, testClock: string | null, until: number): void {
  const runBatch = (): Batch => {
    for (let count = 0; count < BATCH_SIZE; count += 1) {
      const work = nextDue(store, until, testClock);
      if (!work) return { isLast: true, failure: null };
      const failure = attempt(store, () => perform(store, baseUrl, work));
      if (failure) return { isLast: true, failure };
    }
    return { isLast: false, failure: null };
  };
  for (let isLast = nextDue(store, until, testClock) === null; !isLast; ) {
    const batch = inTransaction(store, runBatch, testClock);
    if (batch.failure) throw batch.failure.error;
    isLast = batch.isLast;
  }
}

function perform(store: Store, baseUrl: string, { at, kind, objectId }: DueWork): void {
  forgetDue(store, objectId, kind);
  const context: Context = { store, now: at, baseUrl, request: { id: null, idempotencyKey: null } };
  PERFORM[kind](context, objectId);
}

/** Each kind of work, on an object that may be gone or settled by now. */
const PERFORM: Record<DueKind, (context: Context, objectId: string) => void> = {
  advance_schedule: on("subscription_schedule", advanceSchedule),
  cancel_subscription: onLiveSubscription(cancelWhenAnnounced),
  decide_dispute: on("dispute", decideDispute),
  delete_test_clock: on("test_helpers.test_clock", deleteTestClock),
  end_discount: on("discount", endDiscountByTime),
  end_trial: onLiveSubscription(endTrial),
  expire_authorization: on("payment_intent", expireAuthorization),
  expire_checkout_session: on("checkout.session", (context, session) => {
    if (session.status === "open") expireSession(context, session);
  }),
  expire_coupon: on("coupon", invalidateCoupon),
  expire_credit_grant: on("billing.credit_grant", expireGrantByTime),
  expire_dispute: on("dispute", expireDispute),
  expire_incomplete_subscription: onLiveSubscription(expireIncompleteSubscription),
  expire_pending_update: onLiveSubscription(expirePendingUpdate),
  expire_promotion_code: on("promotion_code", (context, code) =>
    saveObject(context.store, "promotion_code", { ...code, active: false }),
  ),
  expire_resumption: onLiveSubscription(expireResumption),
  finalize_invoice: on("invoice", collectInvoice),
  pass_due_date: on("invoice", passDueDate),
  renew_subscription: onLiveSubscription(renewSubscription),
  resume_collection: onLiveSubscription(resumeCollection),
  retry_payment: on("invoice", collectInvoice),
  settle_balance: on("balance_transaction", settleBalance),
  settle_charge: on("charge", settleCharge),
  settle_debit: on("charge", settleDebit),
  settle_refund: on("refund", settleRefund),
  tell_schedule_expiring: on("subscription_schedule", (context, schedule) => {
    if (schedule.status === "active") emitEvent(context, "subscription_schedule.expiring", schedule);
  }),
  tell_trial_will_end: onLiveSubscription((context, subscription) => {
    if (subscription.status !== "trialing") return;
    emitEvent(context, "customer.subscription.trial_will_end", subscription);
  }),
  tell_upcoming_invoice: onLiveSubscription(tellUpcomingInvoice),
  verify_tax_id: on("tax_id", verifyTaxId),
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
