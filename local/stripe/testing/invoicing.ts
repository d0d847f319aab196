import type Stripe from "stripe";

/** A one-off draft over items of the given amounts, in dollars' cents. */
export async function draftOver(
  stripe: Stripe,
  customer: Stripe.Customer,
  amounts: number[],
  params: Partial<Stripe.InvoiceCreateParams> = {},
): Promise<Stripe.Invoice> {
  const invoice = await stripe.invoices.create({ customer: customer.id, currency: "usd", ...params });
  for (const [index, amount] of amounts.entries()) {
    await stripe.invoiceItems.create({
      customer: customer.id,
      invoice: invoice.id,
      amount,
      currency: "usd",
      description: `Item ${index + 1}`,
    });
  }
  return stripe.invoices.retrieve(invoice.id);
}

/** The types of the events that tell of an object, oldest first. */
export async function toldOf(stripe: Stripe, id: string): Promise<string[]> {
  const events = await stripe.events.list({ limit: 100 });
  // Every payload the invoices' tests look at has an id.
  return events.data
    .filter(({ data }) => (data.object as { id?: string }).id === id)
    .map(({ type }) => type)
    .reverse();
}
