import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { recordBalanceChange } from "@/local/stripe/customer-balance/change-balance";
import { emitEvent } from "@/local/stripe/events/emit-event";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId, randomText } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import {
  attachPaymentMethod,
  getAttachedPaymentMethod,
} from "@/local/stripe/payment-methods/attach-payment-method";
import { resolvePaymentMethod } from "@/local/stripe/payment-methods/resolve-payment-method";
import { insertObject } from "@/local/stripe/store/store";
import { checkTaxLocation } from "@/local/stripe/tax/customer-tax";
import { createTaxId } from "@/local/stripe/tax/tax-ids";
import { checkRoomForCustomer } from "@/local/stripe/test-clocks/attach-customer";
import type { customerCreateParams } from "./customer-params";

/** Where the default for invoices is set; named in refusals. */
export const DEFAULT_METHOD_PARAM = "invoice_settings[default_payment_method]";

type Params = ParamsOf<typeof customerCreateParams>;

/** Creates a customer. https://docs.stripe.com/api/customers/create */
export function createCustomer(context: Context, params: Params): Stripe.Customer {
  checkEmail(params.email);
  if (params.test_clock !== undefined) checkRoomForCustomer(context, params.test_clock);
  const method =
    params.payment_method === undefined
      ? null
      : resolvePaymentMethod(context, params.payment_method, "payment_method");
  const named = params.invoice_settings?.default_payment_method;
  // A shared test id stands for the method that was just made of it.
  const defaultMethod = method && named === params.payment_method ? method.id : named;
  const customer: Stripe.Customer = {
    id: newId("cus"),
    object: "customer",
    address: params.address ? fullAddress(params.address) : null,
    balance: params.balance ?? 0,
    created: context.now,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: params.description ?? null,
    discount: null,
    email: params.email ?? null,
    invoice_prefix: params.invoice_prefix ?? randomText(8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: defaultMethod ?? null,
      footer: params.invoice_settings?.footer ?? null,
      rendering_options: null,
    },
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    name: params.name ?? null,
    next_invoice_sequence: 1,
    phone: params.phone ?? null,
    preferred_locales: params.preferred_locales ?? [],
    shipping: params.shipping ? fullShipping(params.shipping) : null,
    tax_exempt: params.tax_exempt ?? "none",
    test_clock: params.test_clock ?? null,
    ...(params.business_name ? { business_name: params.business_name } : {}),
    ...(params.individual_name ? { individual_name: params.individual_name } : {}),
  };
  insertObject(context.store, "customer", customer, { ipAddress: params.tax?.ip_address ?? null });
  if (params.tax?.validate_location === "immediately") checkTaxLocation(context, customer);
  emitEvent(context, "customer.created", customer);
  if (params.balance) {
    const change = {
      customer: customer.id,
      amount: params.balance,
      currency: "usd",
      type: "initial",
    } as const;
    recordBalanceChange(context, change, params.balance);
  }
  for (const [index, taxId] of (params.tax_id_data ?? []).entries()) {
    createTaxId(context, customer.id, taxId, `tax_id_data[${index}][type]`);
  }
  if (method) attachPaymentMethod(context, method, customer.id);
  if (defaultMethod) getAttachedPaymentMethod(context, defaultMethod, customer.id, DEFAULT_METHOD_PARAM);
  return customer;
}

/** Stripe only checks that it could be an address at all. */
export function checkEmail(email: string | null | undefined, param = "email"): void {
  if (!email || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) return;
  throw invalidRequest(`Invalid email address: ${email}`, { code: "email_invalid", param });
}

/** An address with every field, as Stripe shows it. */
export function fullAddress(address: Partial<Stripe.Address>): Stripe.Address {
  const {
    city = null,
    country = null,
    line1 = null,
    line2 = null,
    postal_code = null,
    state = null,
  } = address;
  return { city, country, line1, line2, postal_code, state };
}

/** Shipping details as a customer carries them. */
export function fullShipping(
  shipping: NonNullable<NonNullable<Params["shipping"]>>,
): Stripe.Customer.Shipping {
  return {
    address: fullAddress(shipping.address ?? {}),
    ...(shipping.name === undefined ? {} : { name: shipping.name }),
    phone: shipping.phone ?? null,
  };
}
