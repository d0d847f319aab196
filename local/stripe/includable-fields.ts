import type Stripe from "stripe";
import { lineItemsOf } from "./checkout-sessions/checkout-sessions";
import type { Context } from "./context";
import { couponCurrencies } from "./coupons/create-coupon";
import { confirmationSecretOf } from "./invoices/confirmation-secret";
import { findInvoicePayment } from "./invoices/invoice-payment";
import { withAmounts } from "./prices/with-amounts";
import { getByPath } from "./references";
import { refundsOfCharge } from "./refunds/refunds-of-charge";
import { readHidden } from "./store/store";
import { listLiveSubscriptions } from "./subscriptions/list-live-subscriptions";
import { customerTax } from "./tax/customer-tax";
import { listTaxIds } from "./tax/tax-ids";

type Include = (context: Context, object: Record<string, unknown>) => unknown;

/** Fields Stripe leaves out unless they are expanded. */
export const INCLUDABLE_FIELDS: Record<string, Record<string, Include>> = {
  charge: {
    refunds: (context, { id }) => listIn(`/v1/charges/${id}/refunds`, refundsOfCharge(context, String(id))),
  },
  "checkout.session": {
    line_items: (context, { id }) =>
      listIn(`/v1/checkout/sessions/${id}/line_items`, lineItemsOf(context, String(id))),
  },
  coupon: {
    applies_to: (context, { id }) => {
      const { appliesTo } = readHidden(context.store, "coupon", String(id));
      return appliesTo ? { products: appliesTo } : undefined;
    },
    currency_options: (context, { id }) => couponCurrencies(context, String(id)),
  },
  customer: {
    sources: (_context, { id }) => listIn(`/v1/customers/${id}/sources`, []),
    subscriptions: (context, { id }) =>
      listIn(`/v1/customers/${id}/subscriptions`, listLiveSubscriptions(context, String(id))),
    tax: (context, { id }) => customerTax(context, getByPath(context, "customer", String(id))),
    tax_ids: (context, { id }) =>
      listIn(`/v1/customers/${id}/tax_ids`, listTaxIds(context, String(id)).slice(0, 10)),
  },
  invoice: {
    confirmation_secret: (context, { id }) =>
      confirmationSecretOf(context, getByPath(context, "invoice", String(id))),
    payments: (context, { id }) => {
      const payment = findInvoicePayment(context, String(id));
      return listIn(`/v1/invoice_payments?invoice=${id}`, payment ? [payment] : []);
    },
  },
  price: {
    currency_options: (context, { id }) => priceOf(context, id).currency_options,
    tiers: (context, { id }) => priceOf(context, id).tiers,
  },
  // The search itself counts, where it is asked to.
  search_result: { total_count: (_context, { total_count: count }) => count },
};

function listIn<T>(url: string, data: T[]): Stripe.ApiList<T> {
  return { object: "list", data, has_more: false, url };
}

/** The price with all that it shows on request. */
function priceOf(context: Context, id: unknown): Stripe.Price {
  return withAmounts(context, getByPath(context, "price", String(id)));
}
