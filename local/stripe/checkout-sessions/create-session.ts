import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { checkEmail } from "@/local/stripe/customers/create-customer";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest, notSimulated, parameterMissing } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByParam } from "@/local/stripe/references";
import { insertObject } from "@/local/stripe/store/store";
import { readTrialSettings } from "@/local/stripe/subscriptions/create-subscription";
import { readTrialEnd } from "@/local/stripe/subscriptions/trial";
import { planDue } from "@/local/stripe/time/due";
import { buildSession } from "./build-session";
import { readLineItems } from "./session-line-items";
import type { sessionCreateParams } from "./session-params";

type Params = ParamsOf<typeof sessionCreateParams>;

/** Opens a checkout session on the hosted page. https://docs.stripe.com/api/checkout/sessions/create */
export function createSession(context: Context, params: Params): Stripe.Checkout.Session {
  checkParams(context, params);
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

function checkParams(context: Context, params: Params): void {
  if (params.ui_mode !== undefined && params.ui_mode !== "hosted_page") {
    throw notSimulated(`Checkout with ui_mode '${params.ui_mode}'`, "ui_mode");
  }
  if (params.success_url === undefined) throw parameterMissing("success_url");
  checkUrl(params.success_url, "success_url");
  if (params.cancel_url !== undefined) checkUrl(params.cancel_url, "cancel_url");
  if (params.customer !== undefined && params.customer_email !== undefined) {
    throw invalidRequest("You may only specify one of these parameters: customer, customer_email.", { param: "customer" });
  }
  if (params.customer_update && params.customer === undefined) {
    throw invalidRequest("`customer_update` can only be used with `customer`.", { param: "customer_update" });
  }
  if (params.customer_email !== undefined) checkEmail(params.customer_email);
  checkModeOnly(params, "subscription_data", "subscription");
  checkModeOnly(params, "payment_intent_data", "payment");
  checkModeOnly(params, "setup_intent_data", "setup");
  if (params.payment_method_collection === "if_required" && params.mode !== "subscription") {
    throw invalidRequest("`payment_method_collection` can only be used in `subscription` mode.", {
      param: "payment_method_collection",
    });
  }
  checkLife(context, params.expires_at);
  checkTrialIsLongEnough(context, params);
}

function checkModeOnly(
  params: Params,
  param: "subscription_data" | "payment_intent_data" | "setup_intent_data",
  mode: Params["mode"],
): void {
  if (params[param] === undefined || params.mode === mode) return;
  throw invalidRequest(`You can not pass \`${param}\` in \`${params.mode}\` mode.`, { param });
}

function checkUrl(url: string, param: string): void {
  // The placeholder is not valid in a URL, but Stripe accepts it in any part of one.
  if (/^https?:\/\//.test(url) && URL.canParse(url.replaceAll("{CHECKOUT_SESSION_ID}", "id"))) return;
  throw invalidRequest("Not a valid URL", { code: "url_invalid", param });
}

/** From 30 minutes to 24 hours after creation. */
function checkLife(context: Context, expiresAt: number | undefined): void {
  if (expiresAt === undefined) return;
  const life = expiresAt - context.now;
  // A caller computes the bound from its own clock, which may be a moment behind ours.
  if (life >= 30 * 60 - 60 && life <= 24 * 60 * 60 + 60) return;
  const bound = life < 0 || life < 30 * 60 ? "at least 30 minutes" : "less than 24 hours";
  throw invalidRequest(
    `The \`expires_at\` timestamp must be ${bound} from Checkout Session creation.`,
    { param: "expires_at" },
  );
}

/** Stripe wants 48 hours at least when the end is given as a moment. */
function checkTrialIsLongEnough(context: Context, params: Params): void {
  const trialEnd = params.subscription_data?.trial_end;
  if (trialEnd === undefined || trialEnd >= context.now + 48 * 60 * 60) return;
  throw invalidRequest("The `trial_end` date has to be at least 2 days in the future.", {
    param: "subscription_data[trial_end]",
  });
}
