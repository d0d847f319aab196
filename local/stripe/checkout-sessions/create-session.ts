import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByParam } from "@/local/stripe/references";
import { insertObject } from "@/local/stripe/store/store";
import { readTrialSettings } from "@/local/stripe/subscriptions/create-subscription";
import { readTrialEnd } from "@/local/stripe/subscriptions/trial";
import { planDue } from "@/local/stripe/time/due";
import { buildSession } from "./build-session";
import { checkSessionParams } from "./check-session-params";
import { readLineItems } from "./session-line-items";
import type { sessionCreateParams } from "./session-params";

type Params = ParamsOf<typeof sessionCreateParams>;

/** Opens a checkout session on the hosted page. https://docs.stripe.com/api/checkout/sessions/create */
export function createSession(context: Context, params: Params): Stripe.Checkout.Session {
  checkSessionParams(context, params);
  const customer =
    params.customer === undefined ? null : getByParam(context, "customer", params.customer, "customer");
  const data = params.subscription_data ?? {};
  const trialEnd = readTrialEnd(context, data, "subscription_data");
  const lineItems = readLineItems(context, params, { customer, hasTrial: trialEnd !== null });
  const session = buildSession(context, params, {
    customer,
    amountTotal: params.mode === "setup" ? null : lineItems.reduce((sum, line) => sum + line.amount_total, 0),
    currency: lineItems[0]?.currency ?? params.currency ?? null,
  });
  insertObject(context.store, "checkout.session", session, {
    lineItems,
    subscriptionData: {
      metadata: mergeMetadata({}, data.metadata),
      description: data.description ?? null,
      trialEnd: data.trial_end ?? null,
      trialPeriodDays: data.trial_period_days ?? null,
      trialSettings: data.trial_settings ? readTrialSettings(data.trial_settings) : null,
    },
    paymentIntentData: {
      metadata: mergeMetadata({}, params.payment_intent_data?.metadata),
      description: params.payment_intent_data?.description ?? null,
      receiptEmail: params.payment_intent_data?.receipt_email ?? null,
      setupFutureUsage: params.payment_intent_data?.setup_future_usage ?? null,
      statementDescriptor: params.payment_intent_data?.statement_descriptor ?? null,
    },
    setupIntentData: {
      metadata: mergeMetadata({}, params.setup_intent_data?.metadata),
      description: params.setup_intent_data?.description ?? null,
    },
    customerUpdatesName: params.customer_update?.name === "auto",
  });
  planDue(context.store, { at: session.expires_at, kind: "expire_checkout_session", objectId: session.id });
  return session;
}
