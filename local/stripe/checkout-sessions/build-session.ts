import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { DiscountParam } from "@/local/stripe/discounts/discount-params";
import type { ParamsOf } from "@/local/stripe/http/params";
import { newId, randomText } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import type { sessionCreateParams } from "./session-params";

type Params = ParamsOf<typeof sessionCreateParams>;

/** A session lives for a day unless the caller says otherwise. */
const DEFAULT_LIFE_SECONDS = 24 * 60 * 60;

/** The session object as it looks when new. https://docs.stripe.com/api/checkout/sessions/object */
export function buildSession(
  context: Context,
  params: Params,
  facts: { customer: Stripe.Customer | null; currency: string | null },
): Stripe.Checkout.Session {
  const id = newId("cs_test");
  const email = facts.customer?.email ?? params.customer_email ?? null;
  const isRecurring = params.mode === "subscription";
  const isEmbedded = params.ui_mode === "embedded_page";
  return {
    id,
    object: "checkout.session",
    adaptive_pricing: params.mode === "setup" ? null : { enabled: false },
    after_expiration: params.after_expiration?.recovery
      ? {
          recovery: {
            allow_promotion_codes: params.after_expiration.recovery.allow_promotion_codes ?? false,
            enabled: params.after_expiration.recovery.enabled,
            expires_at: null,
            url: null,
          },
        }
      : null,
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    amount_subtotal: null,
    amount_total: null,
    automatic_tax: params.automatic_tax?.enabled
      ? { enabled: true, liability: { type: "self" }, provider: "stripe", status: "requires_location_inputs" }
      : { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    client_secret: isEmbedded ? `${id}_secret_${randomText(25)}` : null,
    collected_information: { business_name: null, individual_name: null, shipping_details: null },
    consent: null,
    consent_collection: params.consent_collection
      ? {
          payment_method_reuse_agreement: null,
          promotions: params.consent_collection.promotions ?? null,
          terms_of_service: params.consent_collection.terms_of_service ?? null,
        }
      : null,
    created: context.now,
    currency: facts.currency,
    currency_conversion: null,
    custom_fields: (params.custom_fields ?? []).map(customField),
    custom_text: {
      after_submit: params.custom_text?.after_submit ?? null,
      shipping_address: null,
      submit: params.custom_text?.submit ?? null,
      terms_of_service_acceptance: params.custom_text?.terms_of_service_acceptance ?? null,
    },
    customer: facts.customer?.id ?? null,
    customer_account: null,
    customer_creation: customerCreation(params, facts.customer),
    customer_details: email === null ? null : detailsOf(email, facts.customer),
    customer_email: facts.customer ? null : (params.customer_email ?? null),
    discounts: (params.discounts ?? []).map(shownDiscount),
    expires_at: params.expires_at ?? context.now + DEFAULT_LIFE_SECONDS,
    integration_identifier: null,
    invoice: null,
    invoice_creation:
      params.mode === "payment"
        ? {
            enabled: params.invoice_creation?.enabled ?? false,
            invoice_data: {
              account_tax_ids: null,
              custom_fields: null,
              description: params.invoice_creation?.invoice_data?.description ?? null,
              footer: params.invoice_creation?.invoice_data?.footer ?? null,
              issuer: null,
              metadata: mergeMetadata({}, params.invoice_creation?.invoice_data?.metadata),
              rendering_options: null,
            },
          }
        : null,
    livemode: false,
    locale: params.locale ?? null,
    managed_payments: null,
    metadata: mergeMetadata({}, params.metadata),
    mode: params.mode,
    origin_context: params.origin_context ?? null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection:
      params.payment_method_collection ??
      (isRecurring ? "always" : params.mode === "payment" ? "if_required" : "always"),
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: "automatic" } },
    payment_method_types: params.allowed_payment_method_types ?? ["card"],
    payment_status: params.mode === "setup" ? "no_payment_required" : "unpaid",
    permissions: null,
    phone_number_collection: { enabled: params.phone_number_collection?.enabled ?? false },
    recovered_from: null,
    ...(isEmbedded ? { redirect_on_completion: params.redirect_on_completion ?? "always" } : {}),
    ...(params.return_url === undefined ? {} : { return_url: params.return_url }),
    saved_payment_method_options: params.saved_payment_method_options
      ? {
          allow_redisplay_filters: params.saved_payment_method_options.allow_redisplay_filters ?? ["always"],
          payment_method_remove: null,
          payment_method_save: params.saved_payment_method_options.payment_method_save ?? null,
        }
      : null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: "open",
    submit_type: params.submit_type ?? null,
    subscription: null,
    success_url: params.success_url ?? null,
    ...(params.tax_id_collection
      ? {
          tax_id_collection: {
            enabled: params.tax_id_collection.enabled,
            required: params.tax_id_collection.required ?? "never",
          },
        }
      : {}),
    total_details: null,
    ui_mode: isEmbedded ? "embedded_page" : "hosted_page",
    url: isEmbedded ? null : `${context.baseUrl}/c/pay/${id}`,
    wallet_options: null,
  };
}

/** A discount as a session shows it. */
export function shownDiscount({
  coupon,
  promotion_code: code,
}: DiscountParam): Stripe.Checkout.Session.Discount {
  return { coupon: coupon ?? null, promotion_code: code ?? null };
}

function customField(
  field: NonNullable<Params["custom_fields"]>[number],
): Stripe.Checkout.Session.CustomField {
  const limits = (given: typeof field.text) => ({
    default_value: given?.default_value ?? null,
    maximum_length: given?.maximum_length ?? null,
    minimum_length: given?.minimum_length ?? null,
    value: null,
  });
  return {
    key: field.key,
    label: field.label,
    optional: field.optional ?? false,
    type: field.type,
    ...(field.type === "dropdown"
      ? {
          dropdown: {
            default_value: field.dropdown?.default_value ?? null,
            options: field.dropdown?.options ?? [],
            value: null,
          },
        }
      : {}),
    ...(field.type === "numeric" ? { numeric: limits(field.numeric) } : {}),
    ...(field.type === "text" ? { text: limits(field.text) } : {}),
  };
}

function customerCreation(
  params: Params,
  customer: Stripe.Customer | null,
): Stripe.Checkout.Session.CustomerCreation | null {
  if (customer) return null;
  if (params.mode === "subscription") return "always";
  // An invoice is somebody's. https://docs.stripe.com/payments/checkout/receipts#paid-invoices
  if (params.invoice_creation?.enabled) return "always";
  return params.customer_creation ?? "if_required";
}

/** What a session knows of who pays. */
export function detailsOf(
  email: string | null,
  customer: Stripe.Customer | null,
): Stripe.Checkout.Session.CustomerDetails {
  return {
    address: customer?.address ?? null,
    business_name: null,
    email,
    individual_name: null,
    name: customer?.name ?? null,
    phone: customer?.phone ?? null,
    tax_exempt: customer?.tax_exempt ?? "none",
    tax_ids: [],
  };
}
