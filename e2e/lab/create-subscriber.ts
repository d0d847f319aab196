import Stripe from "stripe";

export const LAB = `http://127.0.0.1:${process.env.LOCAL_STRIPE_PORT}`;

/** A customer with a good card and a subscription that is renewed every day. @returns the customer's id. */
export async function createSubscriber(email: string): Promise<string> {
  const port = Number(process.env.LOCAL_STRIPE_PORT);
  const stripe = new Stripe("sk_test_local", { host: "127.0.0.1", port, protocol: "http" });
  const { id } = await stripe.customers.create({ email });
  const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: id });
  await stripe.customers.update(id, { invoice_settings: { default_payment_method: method.id } });
  const product = await stripe.products.create({ name: "Daily lab plan" });
  const amount = { currency: "usd", unit_amount: 900, recurring: { interval: "day" } } as const;
  const price = await stripe.prices.create({ product: product.id, ...amount });
  await stripe.subscriptions.create({ customer: id, items: [{ price: price.id }] });
  return id;
}
