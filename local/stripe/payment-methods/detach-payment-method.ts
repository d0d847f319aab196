import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { endMandates } from "@/local/stripe/mandates/mandate-of";
import { getByParam, getByPath, idOf } from "@/local/stripe/references";
import { readHidden, saveHidden, saveObject } from "@/local/stripe/store/store";

/** A detached method leaves the customer's defaults too. https://docs.stripe.com/api/payment_methods/detach */
export function detachPaymentMethod(context: Context, id: string): Stripe.PaymentMethod {
  const before = getByPath(context, "payment_method", id);
  if (before.customer === null) {
    throw invalidRequest(
      "The payment method you provided is not attached to a customer so detachment is impossible.",
    );
  }
  const method: Stripe.PaymentMethod = { ...before, customer: null };
  saveObject(context.store, "payment_method", method);
  const secrets = readHidden(context.store, "payment_method", id);
  saveHidden(context.store, "payment_method", id, { ...secrets, isUsedUp: true });
  emitEvent(context, "payment_method.detached", method, { customer: before.customer });
  endMandates(context, id);
  const customer = getByParam(context, "customer", idOf(before.customer), "customer");
  if (customer.invoice_settings.default_payment_method === id) {
    const settings = { ...customer.invoice_settings, default_payment_method: null };
    saveAndTell(
      context,
      "customer",
      { ...customer, invoice_settings: settings },
      customer,
      "customer.updated",
    );
  }
  return method;
}
