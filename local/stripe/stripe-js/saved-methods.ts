import type Stripe from "stripe";
import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { findCustomerSession } from "@/local/stripe/customer-sessions/find-customer-session";
import { type Answer, jsonAnswer } from "@/local/stripe/http/answer";
import { invalidRequest, parameterMissing, resourceMissing } from "@/local/stripe/http/stripe-api-error";
import type { Lab } from "@/local/stripe/lab/lab";
import { idOf } from "@/local/stripe/references";
import { fieldEquals, listAllObjects, ofCustomer } from "@/local/stripe/store/list-objects";
import { businessTimeOf } from "@/local/stripe/time/business-time";

type Features = Stripe.CustomerSession.Components.PaymentElement.Features;

/**
 * What a customer session lets the Payment Element see: its features, and the cards it may show.
 * https://docs.stripe.com/payments/save-customer-payment-methods
 * @throws StripeApiError for a secret that opens nothing, or nothing any more.
 */
export function savedMethodsOf(server: Lab, secret: string | null): Answer {
  const { customer, features } = openSession(server, secret);
  const methods = shownMethods(server, customer, features);
  return jsonAnswer(200, { object: "customer_session", features, payment_methods: methods });
}

/**
 * Takes a card from the customer, where the session says that they may do so themselves.
 * @throws StripeApiError for a card that the session does not show, or may not be removed by it.
 */
export async function removeSavedMethod(server: Lab, form: URLSearchParams): Promise<Answer> {
  const { customer, features } = openSession(server, form.get("client_secret"));
  const id = form.get("payment_method") ?? "";
  if (features.payment_method_remove !== "enabled") {
    throw invalidRequest("This customer session does not allow payment methods to be removed.");
  }
  if (!shownMethods(server, customer, features).some((method) => method.id === id)) {
    throw resourceMissing("PaymentMethod", id, "payment_method", 400);
  }
  return server.callApi({
    method: "POST",
    url: new URL(`http://local/v1/payment_methods/${id}/detach`),
    body: "",
    authorization: `Bearer ${LOCAL_CREDENTIALS.stripeSecretKey}`,
    idempotencyKey: undefined,
    stripeVersion: undefined,
  });
}

function openSession(server: Lab, secret: string | null): { customer: string; features: Features } {
  if (secret === null) throw parameterMissing("client_secret");
  const at = (now: number) => ({
    store: server.store,
    now,
    baseUrl: server.baseUrl,
    request: { id: null, idempotencyKey: null },
  });
  // Whether it is over is judged by its customer's own time, so the customer comes first.
  const known = findCustomerSession(at(0), secret);
  const now = known ? businessTimeOf(server.store, [idOf(known.customer)]).now : 0;
  const session = known && findCustomerSession(at(now), secret);
  if (!session) {
    throw invalidRequest("The customer session's client secret is wrong or has expired.", {
      param: "customer_session_client_secret",
    });
  }
  const element = session.components?.payment_element;
  if (!element?.features) {
    throw invalidRequest("The customer session was made without the component `payment_element`.", {
      param: "customer_session_client_secret",
    });
  }
  return { customer: idOf(session.customer), features: element.features };
}

/** The newest come first. */
function shownMethods(server: Lab, customer: string, features: Features): Stripe.PaymentMethod[] {
  if (features.payment_method_redisplay !== "enabled") return [];
  const filters: string[] = features.payment_method_allow_redisplay_filters;
  return listAllObjects(server.store, "payment_method", [ofCustomer(customer), fieldEquals("$.type", "card")])
    .filter(({ allow_redisplay: shown = "unspecified" }) => filters.includes(shown))
    .slice(0, features.payment_method_redisplay_limit ?? undefined);
}
