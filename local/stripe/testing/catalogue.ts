import type Stripe from "stripe";

/** A plan as the app sells it: $54.00 every three months. */
export async function createPlan(
  stripe: Stripe,
  overrides: Partial<Stripe.PriceCreateParams> = {},
): Promise<Stripe.Price> {
  const product = await stripe.products.create({ name: "Community Pro" });
  return stripe.prices.create({
    product: product.id,
    currency: "usd",
    unit_amount: 5400,
    recurring: { interval: "month", interval_count: 3 },
    ...overrides,
  });
}

/** A customer whose default card is the given shared test payment method. */
export async function createPayingCustomer(
  stripe: Stripe,
  method = "pm_card_visa",
): Promise<Stripe.Customer> {
  const customer = await stripe.customers.create({ email: "ada@example.test", name: "Ada" });
  const attached = await stripe.paymentMethods.attach(method, { customer: customer.id });
  return stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: attached.id } });
}

export const SUCCESS_URL = "http://localhost:3000/return?session_id={CHECKOUT_SESSION_ID}";
export const CANCEL_URL = "http://localhost:3000/pricing";

/** Opens a checkout for the price. */
export function openCheckout(
  stripe: Stripe,
  price: Stripe.Price,
  params: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<Stripe.Checkout.Session> {
  return stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: price.id, quantity: 1 }],
    success_url: SUCCESS_URL,
    cancel_url: CANCEL_URL,
    ...params,
  });
}
