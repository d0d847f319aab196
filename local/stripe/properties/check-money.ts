import type Stripe from "stripe";
import { expect } from "vitest";
import { idOf } from "@/local/stripe/references";
import { type Life, nowOf } from "./life";

const HOUR = 60 * 60;
const ALL = { limit: 100 };
const MOST = { limit: 1000 };

/**
 * Every cent is in one place. Charges and refunds are what balance transactions say, invoices are paid by the charges
 * they name, and a customer's balance is the sum of what was put on it.
 */
export async function checkMoney(life: Life): Promise<void> {
  await checkBalanceTransactions(life);
  for (const customer of life.customers) await checkCustomerBalance(life, customer);
  await checkInvoicesArePaid(life);
  await checkCreditNotes(life);
}

/**
 * https://docs.stripe.com/api/balance_transactions/object#balance_transaction_object-source and
 * https://docs.stripe.com/payments/payment-intents/asynchronous-capture
 */
async function checkBalanceTransactions(life: Life): Promise<void> {
  const { stripe } = life;
  const now = await nowOf(life);
  const charges = await stripe.charges.list(ALL).autoPagingToArray(MOST);
  const refunds = await stripe.refunds.list(ALL).autoPagingToArray(MOST);
  const transactions = await stripe.balanceTransactions.list(ALL).autoPagingToArray(MOST);
  const customerOf = new Map(charges.map((charge) => [charge.id, charge.customer && idOf(charge.customer)]));
  for (const refund of refunds) {
    if (refund.charge !== null) customerOf.set(refund.id, customerOf.get(idOf(refund.charge)) ?? null);
  }
  const moved = new Sums();
  for (const { paid, captured, amount_captured, balance_transaction, customer, ...charge } of charges) {
    if (!paid || !captured) continue;
    // Captured asynchronously, it is booked a little later.
    if (balance_transaction !== null) moved.add(customer && idOf(customer), charge.currency, amount_captured);
    else expect(now - charge.created, charge.id).toBeLessThan(HOUR);
  }
  for (const { id, status, amount, currency } of refunds) {
    if (status === "succeeded" || status === "pending") moved.add(customerOf.get(id), currency, -amount);
  }
  const booked = new Sums();
  for (const { source, amount, currency } of transactions) {
    if (source !== null) booked.add(customerOf.get(idOf(source)), currency, amount);
  }
  expect(booked.all()).toEqual(moved.all());
}

/** https://docs.stripe.com/billing/customer/balance */
async function checkCustomerBalance({ stripe }: Life, id: string): Promise<void> {
  const customer = await stripe.customers.retrieve(id);
  if (customer.deleted) return;
  const changes = await stripe.customers.listBalanceTransactions(id, ALL).autoPagingToArray(MOST);
  let balance = 0;
  for (const { amount, ending_balance } of changes.reverse()) {
    balance += amount;
    expect(ending_balance).toBe(balance);
  }
  expect(customer.balance).toBe(balance);
}

/** https://docs.stripe.com/api/invoice-payment/object */
async function checkInvoicesArePaid({ stripe, paidElsewhere }: Life): Promise<void> {
  const invoices = await stripe.invoices.list(ALL).autoPagingToArray(MOST);
  const payments = await stripe.invoicePayments.list(ALL).autoPagingToArray(MOST);
  for (const invoice of invoices) {
    const mine = payments.filter(
      (payment) => idOf(payment.invoice) === invoice.id && payment.status === "paid",
    );
    const charged = mine.filter(({ payment }) => payment.type === "payment_intent");
    for (const { payment, amount_paid } of charged) {
      if (!payment.payment_intent) throw new Error("A payment without its intent.");
      const intent = await stripe.paymentIntents.retrieve(idOf(payment.payment_intent), {
        expand: ["latest_charge"],
      });
      expect(intent).toMatchObject({
        status: "succeeded",
        amount_received: amount_paid,
        latest_charge: { amount_captured: amount_paid, paid: true },
      });
    }
    const paid = charged.reduce((sum, { amount_paid }) => sum + (amount_paid ?? 0), 0);
    expect([invoice.id, paid]).toEqual([invoice.id, paidElsewhere.has(invoice.id) ? 0 : invoice.amount_paid]);
  }
}

/** What a note gives as credit stands on the customer's balance. https://docs.stripe.com/api/credit_notes/object */
async function checkCreditNotes({ stripe }: Life): Promise<void> {
  const notes = await stripe.creditNotes.list(ALL).autoPagingToArray(MOST);
  for (const note of notes) {
    const refunded = note.refunds.reduce((sum, { amount_refunded }) => sum + amount_refunded, 0);
    const credited = await creditedBy(stripe, note);
    expect(note.total).toBe(note.pre_payment_amount + note.post_payment_amount);
    expect(refunded + credited + (note.out_of_band_amount ?? 0)).toBe(note.post_payment_amount);
  }
}

async function creditedBy(stripe: Stripe, note: Stripe.CreditNote): Promise<number> {
  if (note.customer_balance_transaction === null) return 0;
  const customer = idOf(note.customer);
  const id = idOf(note.customer_balance_transaction);
  const transaction = await stripe.customers.retrieveBalanceTransaction(customer, id);
  expect(transaction).toMatchObject({ type: "credit_note", credit_note: note.id });
  return -transaction.amount;
}

/** Sums per customer and currency. */
class Sums {
  #sums = new Map<string, number>();

  add(customer: string | null | undefined, currency: string, amount: number): void {
    const key = `${customer ?? "nobody"} ${currency}`;
    this.#sums.set(key, (this.#sums.get(key) ?? 0) + amount);
  }

  all(): Record<string, number> {
    const rows = [...this.#sums].filter(([, sum]) => sum !== 0);
    return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
