import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { createCustomer, fullAddress, fullShipping } from "@/local/stripe/customers/create-customer";
import { addressParam } from "@/local/stripe/customers/customer-params";
import { applyDiscountParams } from "@/local/stripe/discounts/apply-discount-params";
import { discountsParam } from "@/local/stripe/discounts/discount-params";
import {
  clearable,
  flag,
  hash,
  integer,
  listOf,
  oneOf,
  type ParamsOf,
  required,
  text,
} from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newItem } from "@/local/stripe/invoiceitems/add-item";
import { changedItem } from "@/local/stripe/invoiceitems/change-item";
import { listPendingItems } from "@/local/stripe/invoiceitems/create-invoice-item";
import { itemUpdateParams } from "@/local/stripe/invoiceitems/item-params";
import { getByParam, idOf } from "@/local/stripe/references";
import { saveObject } from "@/local/stripe/store/store";
import { takeBack } from "@/local/stripe/store/take-back";
import { currentPeriodEnd } from "@/local/stripe/subscriptions/item-periods";
import { listLiveSubscriptions } from "@/local/stripe/subscriptions/list-live-subscriptions";
import { previewNewRecurring, previewRecurring } from "@/local/stripe/subscriptions/preview-recurring";
import {
  previewNewSubscription,
  previewSubscription,
  subscriptionDetailsParam,
} from "@/local/stripe/subscriptions/preview-subscription";
import { previewInvoice } from "./create-draft";

const { pricing: _pricing, ...itemParams } = itemUpdateParams;

export const previewParams = {
  automatic_tax: hash({
    enabled: required(flag()),
    liability: hash({ type: required(oneOf("self")) }),
  }),
  currency: text(3),
  customer: text(),
  customer_details: hash({
    address: clearable(addressParam),
    shipping: clearable(hash({ address: addressParam, name: text(), phone: clearable(text()) })),
    tax_exempt: clearable(oneOf("exempt", "none", "reverse")),
  }),
  discounts: discountsParam,
  invoice_items: listOf(
    hash({
      ...itemParams,
      currency: text(3),
      invoiceitem: text(),
      price: text(),
      unit_amount: integer(),
    }),
    250,
  ),
  preview_mode: oneOf("next", "recurring"),
  subscription: text(),
  subscription_details: subscriptionDetailsParam,
};

type Params = ParamsOf<typeof previewParams>;

/**
 * Shows the next invoice of a customer: of a subscription after its changes, of a subscription there may be, of the one
 * that renews first, or without any of them what is pending. It is worked out as drafts are, and then everything is
 * taken back. https://docs.stripe.com/api/invoices/create_preview
 */
export function createPreview(context: Context, params: Params): Stripe.Invoice {
  return takeBack(context.store, () => {
    const named =
      params.subscription === undefined
        ? null
        : getByParam(context, "subscription", params.subscription, "subscription");
    checkOwner(named, params.customer);
    const customer = previewedCustomer(context, {
      customer: named ? idOf(named.customer) : params.customer,
      customer_details: params.customer_details,
    });
    const preview = previewFor(context, params, customer, named);
    return named || params.customer !== undefined ? preview : { ...preview, customer: null };
  });
}

function previewFor(
  context: Context,
  params: Params,
  customer: Stripe.Customer,
  named: Stripe.Subscription | null,
): Stripe.Invoice {
  const details = params.subscription_details ?? {};
  const isNew = named === null && details.items !== undefined;
  const subscription = named ?? (isNew ? null : firstToRenew(context, customer));
  const currency =
    subscription?.currency ??
    params.currency?.toLowerCase() ??
    params.invoice_items?.find((item) => item.currency !== undefined)?.currency?.toLowerCase() ??
    customer.currency ??
    "usd";
  addPreviewItems(context, params.invoice_items, { customer: customer.id, currency });
  const overrides = {
    ...(params.automatic_tax ? { automaticTax: params.automatic_tax.enabled } : {}),
    ...discountsOf(context, params, { customer, currency, subscription }),
  };
  const isRecurring = params.preview_mode === "recurring";
  if (subscription) {
    const preview = isRecurring ? previewRecurring : previewSubscription;
    return preview(context, subscription, details, overrides);
  }
  if (!isNew) return previewOneOff(context, customer, currency, overrides);
  const given = params.currency === undefined ? {} : { currency };
  const preview = isRecurring ? previewNewRecurring : previewNewSubscription;
  return preview(context, customer, details, { ...overrides, ...given });
}

function checkOwner(subscription: Stripe.Subscription | null, customer: string | undefined): void {
  if (!subscription || customer === undefined || idOf(subscription.customer) === customer) return;
  throw invalidRequest(`The customer ${customer} does not have a subscription with ID ${subscription.id}.`, {
    code: "resource_missing",
    param: "subscription",
  });
}

/** Without a subscription named, the one of the customer's that is billed next. */
function firstToRenew(context: Context, customer: Stripe.Customer): Stripe.Subscription | null {
  const renewing = listLiveSubscriptions(context, customer.id).filter(({ status }) =>
    ["active", "past_due", "trialing", "unpaid"].includes(status),
  );
  renewing.sort((a, b) => currentPeriodEnd(a) - currentPeriodEnd(b));
  return renewing[0] ?? null;
}

/** The customer with the details put over it; somebody unknown is made up for the preview. */
function previewedCustomer(
  context: Context,
  params: Pick<Params, "customer" | "customer_details">,
): Stripe.Customer {
  const { customer: id, customer_details: details = {} } = params;
  if (id === undefined && params.customer_details === undefined) {
    throw invalidRequest("You must pass one of customer, customer_details, subscription or schedule.", {
      code: "parameter_missing",
      param: "customer",
    });
  }
  const known =
    id === undefined ? createCustomer(context, {}) : getByParam(context, "customer", id, "customer");
  const customer: Stripe.Customer = {
    ...known,
    ...(details.address === undefined ? {} : { address: details.address && fullAddress(details.address) }),
    ...(details.shipping === undefined
      ? {}
      : { shipping: details.shipping && fullShipping(details.shipping) }),
    ...(details.tax_exempt ? { tax_exempt: details.tax_exempt } : {}),
  };
  saveObject(context.store, "customer", customer);
  return customer;
}

/** Puts the items of a preview where a real invoice would find them: among the pending ones. */
function addPreviewItems(
  context: Context,
  items: Params["invoice_items"],
  of: { customer: string; currency: string; subscription?: string },
): void {
  (items ?? []).forEach(({ currency: _currency, invoiceitem, price, unit_amount: unit, ...rest }, index) => {
    const params = {
      ...rest,
      ...(price === undefined ? {} : { pricing: { price } }),
      ...(unit === undefined ? {} : { unit_amount_decimal: String(unit) }),
    };
    const path = `invoice_items[${index}]`;
    if (invoiceitem === undefined) newItem(context, params, of, path);
    else changedItem(context, getByParam(context, "invoiceitem", invoiceitem, path), params, path);
  });
}

function discountsOf(
  context: Context,
  { discounts }: Params,
  of: { customer: Stripe.Customer; currency: string; subscription: Stripe.Subscription | null },
): { discounts?: string[] } {
  if (discounts === undefined) return {};
  const inherited = [
    ...(of.customer.discount ? [of.customer.discount.id] : []),
    ...(of.subscription?.discounts ?? []).map(idOf),
  ];
  const owner = { customer: of.customer.id, currency: of.currency, amount: null, inherited };
  return { discounts: applyDiscountParams(context, discounts, owner) };
}

function previewOneOff(
  context: Context,
  customer: Stripe.Customer,
  currency: string,
  overrides: { automaticTax?: boolean; discounts?: string[] },
): Stripe.Invoice {
  if (listPendingItems(context, { customer: customer.id, subscription: null, currency }).length === 0) {
    throw invalidRequest(`No upcoming invoices for customer: '${customer.id}'`, {
      code: "invoice_upcoming_none",
    });
  }
  return previewInvoice(context, {
    customer: customer.id,
    currency,
    billingReason: "upcoming",
    subscription: null,
    lines: [],
    includesPendingItems: true,
    period: { start: context.now, end: context.now },
    finalizesAt: null,
    ...overrides,
  });
}
