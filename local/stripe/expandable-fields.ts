import type Stripe from "stripe";
import { lineItemsOf } from "./checkout-sessions/checkout-sessions";
import type { Context } from "./context";
import { confirmationSecretOf } from "./invoices/confirmation-secret";
import { findInvoicePayment } from "./invoices/invoice-payment";
import { getByPath } from "./references";
import { listLiveSubscriptions } from "./subscriptions/list-live-subscriptions";

/** Fields that hold an id and may be expanded, by type of object. Nested fields are given as a path. */
export const EXPANDABLE_FIELDS: Record<string, readonly string[]> = {
  charge: ["application", "balance_transaction", "customer", "payment_intent", "review", "transfer"],
  "checkout.session": [
    "customer",
    "invoice",
    "payment_intent",
    "payment_link",
    "setup_intent",
    "subscription",
  ],
  customer: ["default_source", "invoice_settings.default_payment_method", "test_clock"],
  invoice: [
    "customer",
    "default_payment_method",
    "default_source",
    "discounts",
    "latest_revision",
    "parent.subscription_details.subscription",
    "test_clock",
  ],
  invoice_payment: ["invoice", "payment.charge", "payment.payment_intent"],
  line_item: ["discounts", "pricing.price_details.price", "subscription"],
  payment_intent: ["application", "customer", "latest_charge", "payment_method", "review"],
  payment_method: ["customer"],
  price: ["product"],
  product: ["default_price", "tax_code"],
  setup_intent: [
    "application",
    "customer",
    "latest_attempt",
    "mandate",
    "payment_method",
    "single_use_mandate",
  ],
  subscription: [
    "application",
    "customer",
    "default_payment_method",
    "default_source",
    "discounts",
    "latest_invoice",
    "pending_setup_intent",
    "schedule",
    "test_clock",
  ],
  subscription_item: ["discounts"],
  plan: ["product"],
};

type Include = (context: Context, object: Record<string, unknown>) => unknown;

/** Fields Stripe leaves out unless they are expanded. */
export const INCLUDABLE_FIELDS: Record<string, Record<string, Include>> = {
  charge: { refunds: (_context, object) => listIn(`/v1/charges/${object.id}/refunds`, []) },
  "checkout.session": {
    line_items: (context, { id }) =>
      listIn(`/v1/checkout/sessions/${id}/line_items`, lineItemsOf(context, String(id))),
  },
  customer: {
    sources: (_context, { id }) => listIn(`/v1/customers/${id}/sources`, []),
    subscriptions: (context, { id }) =>
      listIn(`/v1/customers/${id}/subscriptions`, listLiveSubscriptions(context, String(id))),
    tax_ids: (_context, { id }) => listIn(`/v1/customers/${id}/tax_ids`, []),
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
    currency_options: (_context, object) => {
      const { currency, custom_unit_amount, tax_behavior, unit_amount, unit_amount_decimal } = object;
      return { [String(currency)]: { custom_unit_amount, tax_behavior, unit_amount, unit_amount_decimal } };
    },
  },
};

function listIn<T>(url: string, data: T[]): Stripe.ApiList<T> {
  return { object: "list", data, has_more: false, url };
}
