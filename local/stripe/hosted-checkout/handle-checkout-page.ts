import type Stripe from "stripe";
import {
  applyPromotionCode,
  removePromotionCode,
  reprice,
  setQuantities,
} from "@/local/stripe/checkout-sessions/change-session";
import { pagePathOf } from "@/local/stripe/checkout-sessions/page-path";
import { recoverSession } from "@/local/stripe/checkout-sessions/recover-session";
import { type Outcome, resumeSession, submitSession } from "@/local/stripe/checkout-sessions/submit-session";
import type { Context } from "@/local/stripe/context";
import { type Answer, htmlAnswer, seeOther } from "@/local/stripe/http/answer";
import type { ApiServer } from "@/local/stripe/http/handle-api-request";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { findObject, inTransaction, readHidden } from "@/local/stripe/store/store";
import { businessTimeOf } from "@/local/stripe/time/business-time";
import { completeInFrame, embedded } from "./embedded-page";
import { cannotComplete, completeAlready, expiredSession, successUrl, unknownSession } from "./notices";
import { type Attempt, paymentPage, viewOf } from "./payment-page";
import { keptOf, readAddress, readCheckoutForm } from "./read-checkout-form";

export type PageRequest = { method: string; url: URL; body: string };

/**
 * Serves and processes the checkout page, `/c/pay/<session>` or `/c/pay/<client secret>` where it is embedded, and
 * `/c/pay/<session>/recover`.
 */
export function handleCheckoutPage(server: ApiServer, request: PageRequest): Answer {
  const [name = "", view] = request.url.pathname.slice("/c/pay/".length).split("/");
  const id = name.split("_secret_")[0] ?? "";
  const session = findObject(server.store, "checkout.session", id);
  if (!session || pagePathOf(session) !== `/c/pay/${name}`) return unknownSession();
  const { now, testClock } = businessTimeOf(server.store, [id]);
  const context: Context = {
    store: server.store,
    now,
    baseUrl: server.baseUrl,
    request: { id: null, idempotencyKey: null },
  };
  const posted = request.method === "POST" ? new URLSearchParams(request.body) : null;
  const answer = inTransaction(
    server.store,
    () => {
      if (view === "recover") return recover(context, session);
      if (session.status === "expired") return expiredSession(session);
      // A second click on "Pay" arrives here with the session already complete: nothing is paid twice.
      if (session.status === "complete") return posted ? seeOther(wayOn(session)) : completedPage(session);
      return posted ? submit(context, session, posted) : show(context, session);
    },
    testClock,
  );
  return embedded(session, answer);
}

function wayOn(session: Stripe.Checkout.Session): string {
  return session.ui_mode === "embedded_page" ? pagePathOf(session) : successUrl(session);
}

function completedPage(session: Stripe.Checkout.Session): Answer {
  return session.ui_mode === "embedded_page" ? completeInFrame() : completeAlready(session);
}

/** The page; or, coming back from the bank's, what its answer led to. */
function show(context: Context, session: Stripe.Checkout.Session): Answer {
  const outcome = resumeSession(context, session);
  if (outcome) return answerOf(context, session, outcome, {});
  return guarded(session, () => htmlAnswer(200, paymentPage(context, session, {})));
}

function submit(context: Context, session: Stripe.Checkout.Session, posted: URLSearchParams): Answer {
  const action = posted.get("action") ?? "pay";
  if (action !== "pay") return change(context, session, posted, action);
  return guarded(session, () => pay(context, session, posted));
}

function pay(context: Context, before: Stripe.Checkout.Session, posted: URLSearchParams): Answer {
  const kept = keptOf(posted);
  const refused = tryChange(
    () => setQuantities(context, before, quantitiesOf(posted)),
    hasQuantities(posted),
  );
  if (refused) return htmlAnswer(422, paymentPage(context, before, { kept, decline: refused }));
  const plan = readHidden(context.store, "checkout.session", before.id);
  const session = reprice(context, current(context, before), plan, readAddress(posted));
  const view = viewOf(context, session, readAddress(posted));
  const options = { needsCard: view.needsCard, needsAddress: view.needsAddress, now: context.now };
  const read = readCheckoutForm(session, posted, options);
  if (!read.ok)
    return htmlAnswer(422, paymentPage(context, session, { ...read, address: readAddress(posted) }));
  const shown = posted.get("shown_total");
  // Nobody is charged another amount than the one the button named.
  if (shown !== null && shown !== view.dueToday) {
    const decline = `The total is now ${view.dueToday}. Check it and confirm again.`;
    return htmlAnswer(409, paymentPage(context, session, { kept, decline, address: readAddress(posted) }));
  }
  const { tender } = read;
  if (tender && "saved" in tender && !view.savedCards.some(({ id }) => id === tender.saved)) {
    return htmlAnswer(422, paymentPage(context, session, { kept, decline: "This card is not yours." }));
  }
  const outcome = submitSession(context, session, read.details, tender);
  return answerOf(context, session, outcome, { kept, address: readAddress(posted) });
}

function answerOf(
  context: Context,
  session: Stripe.Checkout.Session,
  outcome: Outcome,
  attempt: Attempt,
): Answer {
  switch (outcome.kind) {
    case "completed":
      return seeOther(wayOn(outcome.session));
    case "challenge":
      return seeOther(`/3ds/${outcome.intent}`);
    default:
      return htmlAnswer(402, paymentPage(context, session, { ...attempt, decline: outcome.message }));
  }
}

/** Codes and quantities: the page again, with other amounts. */
function change(
  context: Context,
  session: Stripe.Checkout.Session,
  posted: URLSearchParams,
  action: string,
): Answer {
  const { promotion_code: typed = "", ...kept } = keptOf(posted);
  const refused = tryChange(() => {
    if (action === "apply_code") applyPromotionCode(context, session, typed);
    else if (action === "remove_code") removePromotionCode(context, session);
    else setQuantities(context, session, quantitiesOf(posted));
  });
  const address = readAddress(posted);
  if (!refused) return htmlAnswer(200, paymentPage(context, current(context, session), { kept, address }));
  const told =
    action === "apply_code"
      ? { kept: { ...kept, promotion_code: typed }, errors: { promotion_code: refused } }
      : { kept, decline: refused };
  return htmlAnswer(422, paymentPage(context, session, { ...told, address }));
}

/** @returns Stripe's reason against it, or null. */
function tryChange(work: () => void, isWanted = true): string | null {
  if (!isWanted) return null;
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof StripeApiError) return error.body.message;
    throw error;
  }
}

function hasQuantities(posted: URLSearchParams): boolean {
  return [...posted.keys()].some((name) => name.startsWith("quantity_"));
}

function quantitiesOf(posted: URLSearchParams): Record<string, number> {
  const quantities = [...posted].filter(([name]) => name.startsWith("quantity_"));
  return Object.fromEntries(
    quantities.map(([name, value]) => [name.slice("quantity_".length), Number(value)]),
  );
}

function current(context: Context, { id }: Stripe.Checkout.Session): Stripe.Checkout.Session {
  const session = findObject(context.store, "checkout.session", id);
  if (!session) throw new Error(`The session ${id} is gone.`);
  return session;
}

function recover(context: Context, session: Stripe.Checkout.Session): Answer {
  const copy = recoverSession(context, session);
  return copy?.url ? seeOther(copy.url) : expiredSession(session);
}

/** What the session was to create can no longer be: its customer was deleted, say. */
function guarded(session: Stripe.Checkout.Session, work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof StripeApiError) return cannotComplete(session, error.body.message);
    throw error;
  }
}
