import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { applyDiscountParams } from "@/local/stripe/discounts/apply-discount-params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getAttachedPaymentMethod } from "@/local/stripe/payment-methods/attach-payment-method";
import { idOf } from "@/local/stripe/references";
import { readTaxRates } from "@/local/stripe/tax/read-tax-rates";
import { automaticTaxOf } from "./build-subscription";
import { checkDaysUntilDue, readInvoiceSettings, readTrialSettings } from "./create-subscription";
import { withCancellation } from "./schedule-cancellation";
import type { UpdateParams } from "./update-subscription";

/** The subscription with everything new that bills nothing by itself; not saved. @throws StripeApiError */
export function changeFields(
  context: Context,
  before: Stripe.Subscription,
  params: UpdateParams,
  takesArchived: boolean,
): Stripe.Subscription {
  const method = params.default_payment_method;
  if (method !== undefined) {
    getAttachedPaymentMethod(context, method, idOf(before.customer), "default_payment_method");
  }
  const withFields: Stripe.Subscription = {
    ...before,
    automatic_tax: params.automatic_tax ? automaticTaxOf(params.automatic_tax.enabled) : before.automatic_tax,
    ...collectionFields(before, params),
    default_payment_method: method ?? before.default_payment_method,
    default_tax_rates:
      params.default_tax_rates === undefined
        ? (before.default_tax_rates ?? [])
        : readTaxRates(context, params.default_tax_rates ?? [], "default_tax_rates", takesArchived),
    description: params.description === undefined ? before.description : params.description,
    discounts: changeDiscounts(context, before, params),
    invoice_settings: { ...before.invoice_settings, ...readInvoiceSettings(params.invoice_settings) },
    metadata: mergeMetadata(before.metadata, params.metadata),
    pause_collection:
      params.pause_collection === undefined
        ? before.pause_collection
        : params.pause_collection && {
            behavior: params.pause_collection.behavior,
            resumes_at: readResumesAt(context, params.pause_collection.resumes_at),
          },
    trial_settings: params.trial_settings ? readTrialSettings(params.trial_settings) : before.trial_settings,
    payment_settings: before.payment_settings && {
      ...before.payment_settings,
      save_default_payment_method:
        params.payment_settings?.save_default_payment_method ??
        before.payment_settings.save_default_payment_method,
    },
  };
  return withNote(withCancellation(context, withFields, params), params.cancellation_details);
}

function collectionFields(
  before: Stripe.Subscription,
  params: UpdateParams,
): Pick<Stripe.Subscription, "collection_method" | "days_until_due"> {
  const method = params.collection_method ?? before.collection_method;
  checkDaysUntilDue({ ...params, collection_method: method });
  const days = params.days_until_due ?? before.days_until_due ?? 30;
  return { collection_method: method, days_until_due: method === "send_invoice" ? days : null };
}

/** A list replaces them, an empty string clears them. */
function changeDiscounts(
  context: Context,
  before: Stripe.Subscription,
  { discounts }: UpdateParams,
): (string | Stripe.Discount)[] {
  if (discounts === undefined) return before.discounts;
  return applyDiscountParams(context, discounts ?? [], {
    customer: idOf(before.customer),
    currency: before.currency,
    subscription: before.id,
    amount: null,
    current: before.discounts.map(idOf),
  });
}

function readResumesAt(context: Context, at: number | undefined): number | null {
  if (at === undefined) return null;
  if (at > context.now) return at;
  throw invalidRequest("`resumes_at` must be in the future.", { param: "pause_collection[resumes_at]" });
}

function withNote(
  subscription: Stripe.Subscription,
  note: UpdateParams["cancellation_details"],
): Stripe.Subscription {
  if (!note) return subscription;
  const before = subscription.cancellation_details;
  return {
    ...subscription,
    cancellation_details: {
      comment: note.comment === undefined ? (before?.comment ?? null) : note.comment,
      feedback: note.feedback === undefined ? (before?.feedback ?? null) : note.feedback,
      feedback_option: null,
      reason: before?.reason ?? null,
    },
  };
}
