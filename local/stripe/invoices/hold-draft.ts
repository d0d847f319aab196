import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import {
  findObject,
  inTransaction,
  readHidden,
  type Store,
  saveHidden,
  saveObject,
} from "@/local/stripe/store/store";
import { businessTimeOf } from "@/local/stripe/time/business-time";
import { planDue } from "@/local/stripe/time/due";
import { countPending } from "@/local/stripe/webhook-endpoints/deliveries";
import { DRAFT_SECONDS } from "./draft-invoice";

/** Then a draft is finalized, whatever its `invoice.created` was answered. */
const LONGEST_HOLD_SECONDS = 72 * 60 * 60;

/**
 * A draft is finalized an hour after its `invoice.created` was answered, or 72 hours after it was made if nobody
 * answers well. Deliveries run by the wall clock and drafts by business time, so the rule here is this: an endpoint
 * holds a draft up only by a bad answer. A delivery that goes well at once takes no business time, and one that is
 * still under way while the clock leaps on is taken for one that goes well; one leap thus does what many steps do.
 * https://docs.stripe.com/billing/subscriptions/webhooks#successful-invoice-finalization
 * @returns whether the draft waits; the clock will come back to it.
 */
export function holdDraft(context: Context, draft: Stripe.Invoice): boolean {
  const latest = draft.created + LONGEST_HOLD_SECONDS;
  if (draft.webhooks_delivered_at !== null || context.now >= latest) return false;
  if (!readHidden(context.store, "invoice", draft.id).isHeld) return false;
  planFinalization(context.store, draft, latest);
  return true;
}

/**
 * Called when an endpoint was sent an event: `invoice.created` counts once it has reached all of them, or those that it
 * has not are given up.
 */
export function followDelivery(store: Store, event: Stripe.Event, isReached: boolean): void {
  if (event.type !== "invoice.created") return;
  const invoiceId = event.data.object.id;
  const { now, testClock } = businessTimeOf(store, [invoiceId]);
  const follow = (): void => {
    const invoice = findObject(store, "invoice", invoiceId);
    if (!invoice || invoice.webhooks_delivered_at !== null) return;
    const terms = readHidden(store, "invoice", invoiceId);
    if (!isReached && !terms.isHeld) saveHidden(store, "invoice", invoiceId, { ...terms, isHeld: true });
    if (countPending(store, event.id) === 0) release(store, invoice, terms.isHeld ?? false, now);
  };
  inTransaction(store, follow, testClock);
}

/** A draft that was held up is finalized an hour from now. */
function release(store: Store, invoice: Stripe.Invoice, isHeld: boolean, now: number): void {
  const delivered: Stripe.Invoice = { ...invoice, webhooks_delivered_at: now };
  saveObject(store, "invoice", delivered);
  if (!isHeld || delivered.status !== "draft" || delivered.automatically_finalizes_at === null) return;
  const latest = delivered.created + LONGEST_HOLD_SECONDS;
  planFinalization(store, delivered, Math.min(now + DRAFT_SECONDS, latest));
}

function planFinalization(store: Store, draft: Stripe.Invoice, at: number): void {
  saveObject(store, "invoice", {
    ...draft,
    automatically_finalizes_at: at,
    next_payment_attempt: draft.next_payment_attempt === null ? null : at,
  });
  planDue(store, { at, kind: "finalize_invoice", objectId: draft.id });
}
