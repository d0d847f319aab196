import type Stripe from "stripe";
import { formatMoney, formatPrice } from "@/local/stripe/money";
import type { CheckoutSessionPlan } from "@/local/stripe/store/stored-objects";

/** What the page says is being bought, computed from the session and never from the request. */
export type Purchase = {
  heading: string;
  /** "7 days free, then $54.00 every 3 months", "$54.00 every 3 months", "$9.00". */
  terms: string;
  lines: { name: string; quantity: number; price: string }[];
  dueToday: string;
  button: string;
  consent: string | null;
};

const DAY_SECONDS = 24 * 60 * 60;

/** Puts the purchase into words and amounts. */
export function describePurchase(
  session: Stripe.Checkout.Session,
  plan: CheckoutSessionPlan,
  now: number,
): Purchase {
  const lines = plan.lineItems.flatMap(({ description, quantity, price }) =>
    price
      ? [{ name: description ?? "Item", quantity: quantity ?? 1, price: formatPrice(price, quantity ?? 1) }]
      : [],
  );
  const dueToday = formatMoney(session.amount_total ?? 0, session.currency ?? "usd");
  const names = lines.map((line) => line.name).join(", ");
  if (session.mode === "setup") {
    return {
      heading: "Save a card",
      terms: "Your card is saved for later.",
      lines,
      dueToday,
      button: "Save card",
      consent: null,
    };
  }
  if (session.mode === "payment") {
    return { heading: names, terms: dueToday, lines, dueToday, button: `Pay ${dueToday}`, consent: null };
  }
  const recurring = recurringTerms(plan);
  const trialDays = trialDaysOf(plan, now);
  return {
    heading: `Subscribe to ${names}`,
    terms:
      trialDays === null
        ? recurring
        : `${trialDays} ${trialDays === 1 ? "day" : "days"} free, then ${recurring}`,
    lines,
    dueToday,
    button: trialDays === null ? `Subscribe and pay ${dueToday}` : "Start trial",
    consent: `${trialDays === null ? "You" : "After the trial you"} are charged ${recurring} until you cancel.`,
  };
}

function recurringTerms(plan: CheckoutSessionPlan): string {
  const [first] = plan.lineItems;
  if (!first?.price) return "";
  const unit = plan.lineItems.reduce(
    (sum, line) => sum + (line.price?.unit_amount ?? 0) * (line.quantity ?? 1),
    0,
  );
  return formatPrice({ ...first.price, unit_amount: unit });
}

function trialDaysOf(plan: CheckoutSessionPlan, now: number): number | null {
  const { trialPeriodDays, trialEnd } = plan.subscriptionData;
  if (trialPeriodDays !== null) return trialPeriodDays;
  return trialEnd === null ? null : Math.max(1, Math.round((trialEnd - now) / DAY_SECONDS));
}
