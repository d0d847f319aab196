import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByParam, idOf } from "@/local/stripe/references";
import { insertObject } from "@/local/stripe/store/store";
import { readTrialSettings } from "@/local/stripe/subscriptions/create-subscription";
import { readTrialEnd } from "@/local/stripe/subscriptions/trial";
import { readTaxRates } from "@/local/stripe/tax/read-tax-rates";
import { planDue } from "@/local/stripe/time/due";
import { buildSession } from "./build-session";
import { checkMethodTypes } from "./check-method-types";
import { checkSessionParams } from "./check-session-params";
import { priceSession, withPrices } from "./price-session";
import { readLineItems } from "./session-line-items";
import type { sessionCreateParams } from "./session-params";
import type { CheckoutSessionPlan } from "./session-plan";

type Params = ParamsOf<typeof sessionCreateParams>;

/** Opens a checkout session on the hosted page. https://docs.stripe.com/api/checkout/sessions/create */
export function createSession(context: Context, params: Params): Stripe.Checkout.Session {
  checkSessionParams(context, params);
  const customer =
    params.customer === undefined ? null : getByParam(context, "customer", params.customer, "customer");
  readTrialEnd(context, params.subscription_data ?? {}, "subscription_data");
  const lines = readLineItems(context, params, customer);
  checkMethodTypes(params.allowed_payment_method_types, {
    currency: lines[0]?.line.currency ?? params.currency,
    isCapturedManually: params.payment_intent_data?.capture_method === "manual",
  });
  const session = buildSession(context, params, {
    customer,
    currency: lines[0]?.line.currency ?? params.currency ?? null,
  });
  const plan: CheckoutSessionPlan = {
    lineItems: lines.map(({ line }) => line),
    taxRates: Object.fromEntries(lines.map(({ line, taxRates }) => [line.id, taxRates])),
    discounts: params.discounts ?? [],
    ...dataOf(context, params),
    customerUpdate: {
      name: params.customer_update?.name === "auto",
      address: params.customer_update?.address === "auto",
    },
    triedIntent: null,
    pending: null,
  };
  return openSession(context, session, plan);
}

/** Stores a new session with what its purchase comes to, and plans its end. */
export function openSession(
  context: Context,
  unpriced: Stripe.Checkout.Session,
  unpricedPlan: CheckoutSessionPlan,
): Stripe.Checkout.Session {
  const { session, plan } =
    unpriced.mode === "setup"
      ? { session: unpriced, plan: unpricedPlan }
      : withPrices(unpriced, unpricedPlan, priceSession(context, unpriced, unpricedPlan));
  insertObject(context.store, "checkout.session", session, plan);
  planDue(context.store, { at: session.expires_at, kind: "expire_checkout_session", objectId: session.id });
  return session;
}

function dataOf(
  context: Context,
  params: Params,
): Pick<CheckoutSessionPlan, "subscriptionData" | "paymentIntentData" | "setupIntentData"> {
  const {
    subscription_data: data = {},
    payment_intent_data: payment = {},
    setup_intent_data: setup = {},
  } = params;
  const taxRates = readTaxRates(
    context,
    data.default_tax_rates ?? [],
    "subscription_data[default_tax_rates]",
  );
  return {
    subscriptionData: {
      metadata: mergeMetadata({}, data.metadata),
      description: data.description ?? null,
      trialEnd: data.trial_end ?? null,
      trialPeriodDays: data.trial_period_days ?? null,
      trialSettings: data.trial_settings ? readTrialSettings(data.trial_settings) : null,
      anchor: data.billing_cycle_anchor ?? null,
      prorationBehavior: data.proration_behavior ?? "create_prorations",
      defaultTaxRates: taxRates.map(idOf),
    },
    paymentIntentData: {
      metadata: mergeMetadata({}, payment.metadata),
      description: payment.description ?? null,
      receiptEmail: payment.receipt_email ?? null,
      setupFutureUsage: payment.setup_future_usage ?? null,
      statementDescriptor: payment.statement_descriptor ?? null,
      isCapturedManually: payment.capture_method === "manual",
    },
    setupIntentData: { metadata: mergeMetadata({}, setup.metadata), description: setup.description ?? null },
  };
}
