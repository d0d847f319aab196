import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { DiscountParam } from "@/local/stripe/discounts/discount-params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { fieldEquals, listAllObjects } from "@/local/stripe/store/list-objects";
import { readHidden, saveHidden, saveObject } from "@/local/stripe/store/store";
import { shownDiscount } from "./build-session";
import { priceSession, withPrices } from "./price-session";
import type { CheckoutSessionPlan } from "./session-plan";

/**
 * Takes a promotion code as the page's buyer types it; capitals do not matter.
 * https://docs.stripe.com/payments/checkout/discounts
 * @throws StripeApiError when it is none or cannot be redeemed here.
 */
export function applyPromotionCode(context: Context, session: Stripe.Checkout.Session, typed: string): void {
  const wanted = typed.trim().toLowerCase();
  const codes = listAllObjects(context.store, "promotion_code", [fieldEquals("$.active", true)]).filter(
    ({ code }) => code.toLowerCase() === wanted,
  );
  const own = codes.find(({ customer }) => customer !== null && customer === session.customer);
  const code = own ?? codes.find(({ customer }) => customer === null) ?? codes[0];
  if (!session.allow_promotion_codes || !code) throw invalidRequest("This code is invalid.");
  setDiscounts(context, session, [{ promotion_code: code.id }]);
}

/** Takes the code off again. One the session was made with stays. */
export function removePromotionCode(context: Context, session: Stripe.Checkout.Session): void {
  if (session.allow_promotion_codes) setDiscounts(context, session, []);
}

/** Sets quantities within what their lines allow, by the lines' ids. */
export function setQuantities(
  context: Context,
  session: Stripe.Checkout.Session,
  quantities: Record<string, number>,
): void {
  const plan = readHidden(context.store, "checkout.session", session.id);
  const lineItems = plan.lineItems.map((line) => {
    const wanted = quantities[line.id];
    const range = line.adjustable_quantity;
    if (wanted === undefined || !range?.enabled) return line;
    const [minimum, maximum] = [range.minimum ?? 0, range.maximum ?? 99];
    if (Number.isInteger(wanted) && wanted >= minimum && wanted <= maximum)
      return { ...line, quantity: wanted };
    throw invalidRequest(`Choose a quantity from ${minimum} to ${maximum}.`);
  });
  if (lineItems.every(({ quantity }) => quantity === 0))
    throw invalidRequest("Choose at least one of something.");
  reprice(context, session, { ...plan, lineItems });
}

/** Works the amounts out anew, for where the buyer is. */
export function reprice(
  context: Context,
  session: Stripe.Checkout.Session,
  plan: CheckoutSessionPlan,
  address: Stripe.Address | null = null,
): Stripe.Checkout.Session {
  if (session.mode === "setup") return session;
  const priced = withPrices(session, plan, priceSession(context, session, plan, address));
  saveObject(context.store, "checkout.session", priced.session);
  saveHidden(context.store, "checkout.session", session.id, priced.plan);
  return priced.session;
}

function setDiscounts(context: Context, session: Stripe.Checkout.Session, discounts: DiscountParam[]): void {
  const plan = readHidden(context.store, "checkout.session", session.id);
  reprice(context, { ...session, discounts: discounts.map(shownDiscount) }, { ...plan, discounts });
}
