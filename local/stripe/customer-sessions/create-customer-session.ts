import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId, randomText } from "@/local/stripe/ids";
import { getByParam } from "@/local/stripe/references";
import { insertObject } from "@/local/stripe/store/store";
import type { customerSessionParams } from "./customer-session-params";

type Params = ParamsOf<typeof customerSessionParams>;
type PaymentElement = Stripe.CustomerSession.Components.PaymentElement;

/** https://docs.stripe.com/api/customer_sessions/object#customer_session_object-expires_at */
const LIFETIME_SECONDS = 30 * 60;

const DEFAULT_REDISPLAY_LIMIT = 3;

/**
 * Lets a page see some of a customer, for half an hour. Whoever has its secret finds it with `findCustomerSession`.
 * https://docs.stripe.com/api/customer_sessions/create
 */
export function createCustomerSession(context: Context, params: Params): Stripe.CustomerSession {
  const customer = getByParam(context, "customer", params.customer, "customer");
  const { buy_button: buyButton, payment_element: element, pricing_table: table } = params.components;
  if (![buyButton, element, table].some((component) => component?.enabled)) {
    throw invalidRequest("At least 1 component must be enabled.", { param: "components" });
  }
  const session: Stripe.CustomerSession = {
    object: "customer_session",
    client_secret: `cuss_secret_${randomText(43)}`,
    components: {
      active_entitlements: { enabled: false },
      buy_button: { enabled: buyButton?.enabled ?? false },
      customer_portal: { enabled: false },
      customer_sheet: { enabled: false, features: null },
      mobile_payment_element: { enabled: false, features: null },
      payment_element: paymentElementOf(element),
      pricing_table: { enabled: table?.enabled ?? false },
    },
    created: context.now,
    customer: customer.id,
    customer_account: null,
    expires_at: context.now + LIFETIME_SECONDS,
    livemode: false,
  };
  insertObject(context.store, "customer_session", { id: newId("cuss"), ...session }, {});
  return session;
}

function paymentElementOf(given: Params["components"]["payment_element"]): PaymentElement {
  if (!given?.enabled) {
    if (given?.features) {
      throw invalidRequest("Features can be given for an enabled component only.", {
        param: "components[payment_element][features]",
      });
    }
    return { enabled: false, features: null };
  }
  const { features = {} } = given;
  return {
    enabled: true,
    features: {
      payment_method_allow_redisplay_filters: features.payment_method_allow_redisplay_filters ?? ["always"],
      payment_method_redisplay: features.payment_method_redisplay ?? "disabled",
      payment_method_redisplay_limit: features.payment_method_redisplay_limit ?? DEFAULT_REDISPLAY_LIMIT,
      payment_method_remove: features.payment_method_remove ?? "disabled",
      payment_method_save: features.payment_method_save ?? "disabled",
      payment_method_save_usage: features.payment_method_save_usage ?? null,
    },
  };
}
