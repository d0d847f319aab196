import type Stripe from "stripe";
import type { CheckoutSessionPlan } from "@/local/stripe/checkout-sessions/session-plan";
import { formatDate, formatMoney, formatPrice } from "@/local/stripe/money";

/** What the page says is being bought, computed from the session and never from the request. */
export type Purchase = {
  heading: string;
  /** "7 days free, then $54.00 every 3 months", "$54.00 every 3 months", "$9.00". */
  terms: string;
  lines: { id: string; name: string; quantity: number | null; price: string; adjustable: Range | null }[];
  /** Subtotal, discount, tax: what stands between the lines and the total. */
  sums: [label: string, amount: string][];
  dueToday: string;
  button: string;
  consent: string | null;
};

type Range = { minimum: number; maximum: number };

const DAY_SECONDS = 24 * 60 * 60;

/**
 * Puts the purchase into words and amounts.
 * @param invoice what it comes to; null where nothing is bought.
 */
export function describePurchase(
  session: Stripe.Checkout.Session,
  plan: CheckoutSessionPlan,
  invoice: Stripe.Invoice | null,
  now: number,
): Purchase {
  const money = (amount: number) => formatMoney(amount, session.currency ?? "usd");
  const lines = plan.lineItems.flatMap(({ id, description, quantity, price, adjustable_quantity: range }) => {
    if (!price) return [];
    const adjustable = range?.enabled ? { minimum: range.minimum ?? 0, maximum: range.maximum ?? 99 } : null;
    return [{ id, name: description ?? "Item", quantity, price: linePrice(price, quantity), adjustable }];
  });
  const dueToday = money(invoice?.amount_due ?? 0);
  const named = plan.lineItems.filter(({ price }) => session.mode !== "subscription" || price?.recurring);
  const names = named.map(({ description }) => description ?? "Item").join(", ");
  const base = { lines, sums: invoice ? sumsOf(invoice, money) : [], dueToday, consent: null };
  if (session.mode === "setup") {
    return { ...base, heading: "Save a card", terms: "Your card is saved for later.", button: "Save card" };
  }
  if (session.mode === "payment") {
    return { ...base, heading: names, terms: dueToday, button: `${verbOf(session)} ${dueToday}` };
  }
  const recurring = recurringTerms(plan);
  const trial = trialOf(plan, now);
  return {
    ...base,
    heading: `Subscribe to ${names}`,
    terms: trial === null ? recurring : `${trial} free, then ${recurring}`,
    button:
      trial === null || (invoice?.amount_due ?? 0) > 0 ? `Subscribe and pay ${dueToday}` : "Start trial",
    consent: `${trial === null ? "You" : "After the trial you"} are charged ${recurring} until you cancel.`,
  };
}

function linePrice(price: Stripe.Price, quantity: number | null): string {
  if (price.recurring?.usage_type === "metered") return "by usage";
  if (price.unit_amount === null) return price.recurring ? "by quantity" : "";
  return formatPrice(price, quantity ?? 1);
}

function sumsOf(invoice: Stripe.Invoice, money: (amount: number) => string): [string, string][] {
  const discount = (invoice.total_discount_amounts ?? []).reduce((total, { amount }) => total + amount, 0);
  const taxes = invoice.total_taxes ?? [];
  const tax = taxes.reduce((total, { amount }) => total + amount, 0);
  const isInclusive = taxes.some(({ tax_behavior }) => tax_behavior === "inclusive");
  const balance = invoice.amount_due - invoice.total;
  const isUnknown =
    invoice.automatic_tax.enabled && invoice.automatic_tax.status === "requires_location_inputs";
  const sums: [string, string][] = [
    ...(discount === 0 ? [] : [["Discount", money(-discount)] satisfies [string, string]]),
    ...(isUnknown ? [["Tax", "Enter your address"] satisfies [string, string]] : []),
    ...(tax === 0 ? [] : [[isInclusive ? "Tax (included)" : "Tax", money(tax)] satisfies [string, string]]),
    ...(balance === 0 ? [] : [["Applied balance", money(balance)] satisfies [string, string]]),
  ];
  return sums.length === 0 ? [] : [["Subtotal", money(invoice.subtotal)], ...sums];
}

/** https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-submit_type */
function verbOf({ submit_type: type }: Stripe.Checkout.Session): string {
  if (type === "book") return "Book for";
  return type === "donate" ? "Donate" : "Pay";
}

function recurringTerms(plan: CheckoutSessionPlan): string {
  const recurring = plan.lineItems.filter(({ price }) => price?.recurring);
  const [first] = recurring;
  if (!first?.price) return "";
  if (recurring.some(({ price }) => price?.recurring?.usage_type === "metered")) return "by usage";
  const isOneInterval = recurring.every(
    ({ price }) =>
      price?.recurring?.interval === first.price?.recurring?.interval &&
      price?.recurring?.interval_count === first.price?.recurring?.interval_count,
  );
  if (!isOneInterval) {
    return recurring
      .flatMap(({ price, quantity }) => (price ? [linePrice(price, quantity)] : []))
      .join(" and ");
  }
  const unit = recurring.reduce(
    (sum, line) => sum + (line.price?.unit_amount ?? 0) * (line.quantity ?? 1),
    0,
  );
  return formatPrice({ ...first.price, unit_amount: unit });
}

function trialOf(plan: CheckoutSessionPlan, now: number): string | null {
  const { trialPeriodDays, trialEnd } = plan.subscriptionData;
  if (trialPeriodDays === null && trialEnd === null) return null;
  const days = trialPeriodDays ?? Math.max(1, Math.round(((trialEnd ?? now) - now) / DAY_SECONDS));
  const until = trialEnd === null ? "" : ` (until ${formatDate(trialEnd)})`;
  return `${days} ${days === 1 ? "day" : "days"}${until}`;
}
