import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { operation } from "@/local/stripe/http/operation";
import { hash, integer, listOf, oneOf, type ParamsOf, required, text } from "@/local/stripe/http/params";
import { invalidRequest, parameterMissing } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { getByParam, idOf } from "@/local/stripe/references";
import { insertObject } from "@/local/stripe/store/store";
import { hasEnded } from "@/local/stripe/subscriptions/list-live-subscriptions";
import { defaultConfiguration } from "./configurations";

const flowParam = hash({
  after_completion: hash({
    hosted_confirmation: hash({ custom_message: text(500) }),
    redirect: hash({ return_url: required(text()) }),
    type: required(oneOf("hosted_confirmation", "portal_homepage", "redirect")),
  }),
  subscription_cancel: hash({
    retention: hash({
      coupon_offer: required(hash({ coupon: required(text()) })),
      type: required(oneOf("coupon_offer")),
    }),
    subscription: required(text()),
  }),
  subscription_update: hash({ subscription: required(text()) }),
  subscription_update_confirm: hash({
    discounts: listOf(hash({ coupon: text(), promotion_code: text() }), 1),
    items: required(listOf(hash({ id: required(text()), price: text(), quantity: integer({ min: 0 }) }), 1)),
    subscription: required(text()),
  }),
  type: required(
    oneOf(
      "payment_method_update",
      "subscription_cancel",
      "subscription_update",
      "subscription_update_confirm",
    ),
  ),
});

const sessionCreateParams = {
  configuration: text(),
  customer: text(),
  flow_data: flowParam,
  locale: text(10),
  return_url: text(),
};

type Params = ParamsOf<typeof sessionCreateParams>;
type FlowData = NonNullable<Params["flow_data"]>;
type Flow = Stripe.BillingPortal.Session.Flow;

/** https://docs.stripe.com/api/customer_portal/sessions */
export const portalSessionOperations = [
  operation({
    method: "POST",
    path: "/v1/billing_portal/sessions",
    params: sessionCreateParams,
    run: createPortalSession,
  }),
];

/** Opens the portal for a customer. https://docs.stripe.com/api/customer_portal/sessions/create */
function createPortalSession(context: Context, params: Params): Stripe.BillingPortal.Session {
  if (params.customer === undefined) throw parameterMissing("customer");
  const customer = getByParam(context, "customer", params.customer, "customer");
  const configuration = configurationOf(context, params.configuration);
  if (params.return_url !== undefined) checkUrl(params.return_url, "return_url");
  const flow = params.flow_data ? readFlow(context, params.flow_data, customer, configuration) : null;
  const id = newId("bps");
  const session: Stripe.BillingPortal.Session = {
    id,
    object: "billing_portal.session",
    configuration: configuration.id,
    created: context.now,
    customer: customer.id,
    customer_account: null,
    flow,
    livemode: false,
    locale: params.locale ?? null,
    on_behalf_of: null,
    return_url: params.return_url ?? configuration.default_return_url,
    url: `${context.baseUrl}/p/session/${id}`,
  };
  insertObject(context.store, "billing_portal.session", session, { seenAt: null });
  emitEvent(context, "billing_portal.session.created", session);
  return session;
}

function configurationOf(context: Context, id: string | undefined): Stripe.BillingPortal.Configuration {
  if (id === undefined) return defaultConfiguration(context);
  const configuration = getByParam(context, "billing_portal.configuration", id, "configuration");
  if (configuration.active) return configuration;
  throw invalidRequest(`The configuration ${id} is not active.`, { param: "configuration" });
}

/** https://docs.stripe.com/customer-management/portal-deep-links */
function readFlow(
  context: Context,
  data: FlowData,
  customer: Stripe.Customer,
  { features }: Stripe.BillingPortal.Configuration,
): Flow {
  const { type } = data;
  const isOn = {
    payment_method_update: features.payment_method_update.enabled,
    subscription_cancel: features.subscription_cancel.enabled,
    subscription_update: features.subscription_update.enabled,
    subscription_update_confirm: features.subscription_update.enabled,
  }[type];
  if (!isOn) {
    throw invalidRequest(
      `This subscription cannot be updated because the \`${type}\` feature in the portal configuration is disabled.`,
      { param: "flow_data[type]" },
    );
  }
  const target = type === "payment_method_update" ? undefined : data[type];
  const path = `flow_data[${type}]`;
  if (type !== "payment_method_update") {
    if (!target) throw parameterMissing(path);
    checkSubscription(context, target.subscription, customer, `${path}[subscription]`);
  }
  const confirm = type === "subscription_update_confirm" ? data.subscription_update_confirm : undefined;
  const cancel = type === "subscription_cancel" ? data.subscription_cancel : undefined;
  const coupon = cancel?.retention?.coupon_offer.coupon;
  if (coupon !== undefined) getByParam(context, "coupon", coupon, `${path}[retention][coupon_offer][coupon]`);
  confirm?.items.forEach(({ price }, index) => {
    if (price !== undefined) getByParam(context, "price", price, `${path}[items][${index}][price]`);
  });
  return {
    after_completion: readAfterCompletion(data.after_completion),
    customer_update: null,
    subscription_cancel: cancel
      ? { retention: cancel.retention ?? null, subscription: cancel.subscription }
      : null,
    subscription_pause: null,
    subscription_update:
      type === "subscription_update" && data.subscription_update ? data.subscription_update : null,
    subscription_update_confirm: confirm
      ? {
          discounts:
            confirm.discounts?.map(({ coupon: of, promotion_code: code }) => ({
              coupon: of ?? null,
              promotion_code: code ?? null,
            })) ?? null,
          items: confirm.items.map(({ id, price, quantity }) => ({
            id,
            price: price ?? null,
            ...(quantity === undefined ? {} : { quantity }),
          })),
          subscription: confirm.subscription,
        }
      : null,
    type,
  };
}

function readAfterCompletion(given: FlowData["after_completion"]): Flow["after_completion"] {
  const path = "flow_data[after_completion]";
  if (given?.type === "redirect" && !given.redirect) throw parameterMissing(`${path}[redirect]`);
  if (given?.redirect) checkUrl(given.redirect.return_url, `${path}[redirect][return_url]`);
  return {
    hosted_confirmation: given?.hosted_confirmation
      ? { custom_message: given.hosted_confirmation.custom_message ?? null }
      : null,
    redirect: given?.redirect ?? null,
    type: given?.type ?? "portal_homepage",
  };
}

function checkSubscription(context: Context, id: string, customer: Stripe.Customer, param: string): void {
  const subscription = getByParam(context, "subscription", id, param);
  if (idOf(subscription.customer) !== customer.id) {
    throw invalidRequest(`The customer ${customer.id} does not have a subscription with ID ${id}.`, {
      param,
    });
  }
  if (hasEnded(subscription)) {
    throw invalidRequest(`The subscription ${id} has ended and cannot be changed in the portal.`, { param });
  }
}

function checkUrl(url: string, param: string): void {
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return;
  throw invalidRequest("Not a valid URL", { code: "url_invalid", param });
}
