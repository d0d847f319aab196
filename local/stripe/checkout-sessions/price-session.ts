import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { createCustomer } from "@/local/stripe/customers/create-customer";
import { applyDiscountParams } from "@/local/stripe/discounts/apply-discount-params";
import { createInvoiceItem } from "@/local/stripe/invoiceitems/create-invoice-item";
import { type DraftInput, previewInvoice } from "@/local/stripe/invoices/create-draft";
import type { NewLine } from "@/local/stripe/invoices/new-line";
import { amountOfPrice } from "@/local/stripe/prices/price-amount";
import { withAmounts } from "@/local/stripe/prices/with-amounts";
import { getByParam, idOf } from "@/local/stripe/references";
import { findObject, saveObject } from "@/local/stripe/store/store";
import { takeBack } from "@/local/stripe/store/take-back";
import { firstInvoicePreview } from "@/local/stripe/subscriptions/start-subscription";
import type { CheckoutSessionPlan } from "./session-plan";
import { linesOf, subscriptionOfSession } from "./subscription-of-session";

/**
 * The invoice a session's purchase comes to, worked out as the real one will be: what the page shows is what is charged.
 * Within a transaction; nothing of it stays.
 * @param address where the buyer is, as far as the page was told; else the customer's.
 */
export function priceSession(
  context: Context,
  session: Stripe.Checkout.Session,
  plan: CheckoutSessionPlan,
  address: Stripe.Address | null = null,
): Stripe.Invoice {
  return takeBack(context.store, () => {
    const customer = payerOf(context, session, address);
    if (session.mode === "payment") {
      return previewInvoice(context, oneTimeInvoice(context, session, plan, customer.id));
    }
    for (const line of linesOf(context, plan, "one_time")) {
      createInvoiceItem(context, {
        customer: customer.id,
        currency: session.currency ?? "usd",
        amount: amountOfPrice(withAmounts(context, line.price), line.quantity, session.currency ?? "usd"),
        description: null,
        period: { start: context.now, end: context.now },
        price: line.price,
        quantity: line.quantity,
        proration: false,
        taxRates: line.taxRates.map(idOf),
      });
    }
    return firstInvoicePreview(context, subscriptionOfSession(context, session, plan, customer), {});
  });
}

/** What a one-time purchase is invoiced as. Its discounts are really given. */
export function oneTimeInvoice(
  context: Context,
  session: Stripe.Checkout.Session,
  plan: CheckoutSessionPlan,
  customer: string,
): DraftInput {
  const currency = session.currency ?? "usd";
  const lines = linesOf(context, plan, "one_time").map(
    (line): NewLine => ({
      amount: amountOfPrice(withAmounts(context, line.price), line.quantity, currency),
      currency,
      description: findObject(context.store, "product", idOf(line.price.product))?.name ?? "Item",
      period: { start: context.now, end: context.now },
      quantity: line.quantity,
      price: line.price,
      unitAmountDecimal: line.price.unit_amount_decimal,
      discountable: true,
      discounts: [],
      taxRates: line.taxRates.map(idOf),
      metadata: line.metadata,
      source: {
        type: "invoice_item",
        invoiceItem: "",
        subscription: null,
        subscriptionItem: null,
        proration: false,
        creditedItems: null,
      },
    }),
  );
  return {
    customer,
    currency,
    billingReason: "manual",
    subscription: null,
    lines,
    includesPendingItems: false,
    period: { start: context.now, end: context.now },
    finalizesAt: null,
    automaticTax: session.automatic_tax.enabled,
    discounts: applyDiscountParams(context, plan.discounts, {
      customer,
      currency,
      checkoutSession: session.id,
      amount: lines.reduce((sum, { amount }) => sum + amount, 0),
    }),
  };
}

/** The session and its lines with the amounts of their invoice. https://docs.stripe.com/api/checkout/sessions/object */
export function withPrices(
  session: Stripe.Checkout.Session,
  plan: CheckoutSessionPlan,
  invoice: Stripe.Invoice,
): { session: Stripe.Checkout.Session; plan: CheckoutSessionPlan } {
  const isPayment = session.mode === "payment";
  const bought = plan.lineItems.filter(({ quantity }) => quantity !== 0);
  const lineItems = plan.lineItems.map((line) => {
    const billed = isPayment
      ? invoice.lines.data.filter((_billed, index) => bought[index] === line)
      : invoice.lines.data.filter(({ pricing }) => pricing?.price_details?.price === line.price?.id);
    return { ...line, ...amountsOf(billed) };
  });
  const tax = sum((invoice.total_taxes ?? []).map(({ amount }) => amount));
  return {
    session: {
      ...session,
      amount_subtotal: sum(lineItems.map(({ amount_subtotal }) => amount_subtotal)),
      amount_total: invoice.total,
      automatic_tax: {
        ...session.automatic_tax,
        status: session.automatic_tax.enabled ? (invoice.automatic_tax.status ?? "complete") : null,
      },
      total_details: {
        amount_discount: sum((invoice.total_discount_amounts ?? []).map(({ amount }) => amount)),
        amount_shipping: 0,
        amount_tax: tax,
      },
    },
    plan: { ...plan, lineItems },
  };
}

type Amounts = Pick<Stripe.LineItem, "amount_subtotal" | "amount_discount" | "amount_tax" | "amount_total">;

function amountsOf(lines: Stripe.InvoiceLineItem[]): Amounts {
  const subtotal = sum(lines.map(({ amount }) => amount));
  const discount = sum(lines.flatMap((line) => line.discount_amounts ?? []).map(({ amount }) => amount));
  const taxes = lines.flatMap((line) => line.taxes ?? []);
  const onTop = sum(
    taxes.filter(({ tax_behavior }) => tax_behavior === "exclusive").map(({ amount }) => amount),
  );
  return {
    amount_subtotal: subtotal,
    amount_discount: discount,
    amount_tax: sum(taxes.map(({ amount }) => amount)),
    amount_total: subtotal - discount + onTop,
  };
}

function sum(amounts: number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

/** Who is billed, at the address the page was told; a customer there is not yet is made up. */
function payerOf(
  context: Context,
  session: Stripe.Checkout.Session,
  address: Stripe.Address | null,
): Stripe.Customer {
  if (session.customer === null) return createCustomer(context, address ? { address } : {});
  const customer = getByParam(context, "customer", idOf(session.customer), "customer");
  if (!address) return customer;
  const moved = { ...customer, address };
  saveObject(context.store, "customer", moved);
  return moved;
}
