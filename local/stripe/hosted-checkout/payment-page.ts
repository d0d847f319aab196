import type Stripe from "stripe";
import { ACCOUNT_NAME } from "@/local/stripe/account/account-name";
import { priceSession } from "@/local/stripe/checkout-sessions/price-session";
import { needsCard } from "@/local/stripe/checkout-sessions/submit-session";
import type { Context } from "@/local/stripe/context";
import { formatMoney } from "@/local/stripe/money";
import { cardName } from "@/local/stripe/payment-methods/card-name";
import { idOf } from "@/local/stripe/references";
import { fieldEquals, listAllObjects, ofCustomer } from "@/local/stripe/store/list-objects";
import { findObject, readHidden } from "@/local/stripe/store/store";
import { describePurchase } from "./describe-purchase";
import type { FieldErrors } from "./read-card-form";
import type { KeptFields } from "./read-checkout-form";
import { renderPaymentPage } from "./render-payment-page";

/** What an attempt left to show again. */
export type Attempt = {
  kept?: KeptFields;
  errors?: FieldErrors;
  decline?: string;
  address?: Stripe.Address | null;
};

export type View = {
  invoice: Stripe.Invoice | null;
  dueToday: string;
  needsCard: boolean;
  needsAddress: boolean;
  savedCards: { id: string; label: string }[];
};

/** What the page of a session asks for and shows, for a buyer at that address. */
export function viewOf(
  context: Context,
  session: Stripe.Checkout.Session,
  address: Stripe.Address | null,
): View {
  const plan = readHidden(context.store, "checkout.session", session.id);
  const invoice = session.mode === "setup" ? null : priceSession(context, session, plan, address);
  const due = invoice?.amount_due ?? 0;
  const customer = customerOf(context, session);
  // A customer's own address decides unless it may be changed here.
  const isTaxedHere = session.automatic_tax.enabled && (!customer?.address || plan.customerUpdate.address);
  return {
    invoice,
    dueToday: formatMoney(due, session.currency ?? "usd"),
    needsCard: needsCard(session, due),
    needsAddress: session.billing_address_collection === "required" || isTaxedHere,
    savedCards: session.mode === "setup" ? [] : savedCards(context, session),
  };
}

/** The page of an open session as HTML. */
export function paymentPage(context: Context, session: Stripe.Checkout.Session, attempt: Attempt): string {
  const plan = readHidden(context.store, "checkout.session", session.id);
  const view = viewOf(context, session, attempt.address ?? null);
  const waiting = plan.pending?.intent ?? null;
  return renderPaymentPage({
    ...view,
    session,
    purchase: describePurchase(session, plan, view.invoice, context.now),
    businessName: ACCOUNT_NAME,
    knownAddress: customerOf(context, session)?.address ?? null,
    promotionCode: promotionCodeOf(context, session),
    kept: attempt.kept ?? {},
    errors: attempt.errors ?? {},
    decline: attempt.decline ?? null,
    challenge: waiting === null ? null : `/3ds/${waiting}`,
  });
}

/**
 * The customer's cards that may be shown on the page: those the customer asked to keep, unless the session says more.
 * https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-saved_payment_method_options-allow_redisplay_filters
 */
function savedCards(context: Context, session: Stripe.Checkout.Session): View["savedCards"] {
  if (session.customer === null) return [];
  const filters = session.saved_payment_method_options?.allow_redisplay_filters ?? ["always"];
  return listAllObjects(context.store, "payment_method", [
    ofCustomer(idOf(session.customer)),
    fieldEquals("$.type", "card"),
  ]).flatMap(({ id, card, allow_redisplay: shown = "unspecified" }) =>
    card && filters.includes(shown) ? [{ id, label: cardName(card) }] : [],
  );
}

function promotionCodeOf(context: Context, session: Stripe.Checkout.Session): string | null {
  const reference = session.discounts?.[0]?.promotion_code ?? null;
  return reference && (findObject(context.store, "promotion_code", idOf(reference))?.code ?? null);
}

function customerOf(context: Context, session: Stripe.Checkout.Session): Stripe.Customer | null {
  return session.customer === null ? null : findObject(context.store, "customer", idOf(session.customer));
}
