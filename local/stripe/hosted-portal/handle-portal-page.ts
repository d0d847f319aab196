import type { Context } from "@/local/stripe/context";
import { renderNoticePage } from "@/local/stripe/hosted-checkout/render-notice-page";
import { type Answer, htmlAnswer, seeOther } from "@/local/stripe/http/answer";
import type { ApiServer } from "@/local/stripe/http/handle-api-request";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { getByPath, idOf } from "@/local/stripe/references";
import { findObject, inTransaction, readHidden, saveHidden } from "@/local/stripe/store/store";
import { businessTimeOf } from "@/local/stripe/time/business-time";
import { billingDetailsPage, saveBillingDetails } from "./billing-details";
import { cancelPage, resumeRenewal, submitCancel } from "./cancel-plan";
import { changePage, confirmPage, submitChange } from "./change-plan";
import { overviewPage } from "./overview";
import {
  addPage,
  authenticatedMethod,
  removeMethod,
  setDefaultMethod,
  submitMethod,
} from "./payment-methods";
import { nothingHere, ownSubscription, type Portal } from "./portal";

type PageRequest = { method: string; url: URL; body: string };

/**
 * A link that is not opened within minutes, or was left for an hour, is over.
 * https://docs.stripe.com/api/customer_portal/sessions
 */
const UNOPENED_SECONDS = 5 * 60;
const IDLE_SECONDS = 60 * 60;

/** Serves the customer portal, `/p/session/<id>` and what is below it. */
export function handlePortalPage(server: ApiServer, request: PageRequest): Answer {
  const [id = "", ...rest] = request.url.pathname.slice("/p/session/".length).split("/");
  const session = findObject(server.store, "billing_portal.session", id);
  const customer = session && findObject(server.store, "customer", session.customer);
  if (!session || !customer) return notFound();
  const { now, testClock } = businessTimeOf(server.store, [id]);
  const context: Context = {
    store: server.store,
    now,
    baseUrl: server.baseUrl,
    request: { id: null, idempotencyKey: null },
  };
  const { seenAt } = readHidden(context.store, "billing_portal.session", id);
  const endsAt = seenAt === null ? session.created + UNOPENED_SECONDS : seenAt + IDLE_SECONDS;
  if (now >= endsAt) return expired(session.return_url);
  const work = () => {
    saveHidden(context.store, "billing_portal.session", id, { seenAt: now });
    const configuration = getByPath(context, "billing_portal.configuration", idOf(session.configuration));
    const portal: Portal = {
      context,
      session,
      features: configuration.features,
      headline: configuration.business_profile.headline,
      customer,
      path: `/p/session/${id}`,
    };
    return route(portal, request, rest);
  };
  try {
    return inTransaction(server.store, work, testClock);
  } catch (error) {
    if (!(error instanceof StripeApiError)) throw error;
    const link = { href: `/p/session/${id}?home=1`, label: "Go back" };
    const title = error.body.type === "card_error" ? "Your payment failed" : "This could not be done";
    return htmlAnswer(error.status, renderNoticePage({ title, message: error.body.message, link }));
  }
}

function route(
  portal: Portal,
  { method, url, body }: PageRequest,
  [section = "", id = "", action = "", step = ""]: string[],
): Answer {
  const posted = method === "POST" ? new URLSearchParams(body) : null;
  if (section === "") return home(portal, url);
  if (section === "billing")
    return posted ? saveBillingDetails(portal, posted) : billingDetailsPage(portal, {});
  if (section === "payment-methods") return methods(portal, url, posted, id, action);
  const subscription = section === "subscriptions" ? ownSubscription(portal, id) : null;
  if (!subscription) return nothingHere(portal);
  if (action === "cancel")
    return posted ? submitCancel(portal, subscription, posted) : cancelPage(portal, subscription);
  if (action === "renew" && posted) return resumeRenewal(portal, subscription);
  if (action !== "update") return nothingHere(portal);
  if (step !== "confirm") return changePage(portal, subscription);
  return posted
    ? submitChange(portal, subscription, posted)
    : confirmPage(portal, subscription, url.searchParams);
}

function methods(
  portal: Portal,
  url: URL,
  posted: URLSearchParams | null,
  id: string,
  action: string,
): Answer {
  if (!portal.features.payment_method_update.enabled) return nothingHere(portal);
  if (id === "add") return posted ? submitMethod(portal, posted) : addPage(portal, {});
  if (id === "added") return authenticatedMethod(portal, url.searchParams.get("setup_intent") ?? "");
  if (posted && action === "default") return setDefaultMethod(portal, id);
  if (posted && action === "remove") return removeMethod(portal, id);
  return nothingHere(portal);
}

/** The overview; a session that was made for one thing leads there first. */
function home(portal: Portal, url: URL): Answer {
  const { flow } = portal.session;
  if (!flow || url.searchParams.has("done") || url.searchParams.has("home")) {
    return htmlAnswer(200, overviewPage(portal, url.searchParams.get("done")));
  }
  if (flow.subscription_cancel)
    return seeOther(`${portal.path}/subscriptions/${flow.subscription_cancel.subscription}/cancel`);
  if (flow.subscription_update)
    return seeOther(`${portal.path}/subscriptions/${flow.subscription_update.subscription}/update`);
  const confirm = flow.subscription_update_confirm;
  if (confirm) return seeOther(`${portal.path}/subscriptions/${confirm.subscription}/update/confirm`);
  return seeOther(`${portal.path}/payment-methods/add`);
}

function notFound(): Answer {
  const message =
    "This link leads to no customer portal. It may have been copied in part, or the local Stripe was reset.";
  return htmlAnswer(404, renderNoticePage({ title: "Portal not found", message, link: null }));
}

function expired(returnUrl: string | null): Answer {
  const message = "This link to the customer portal has expired. Go back and open it again.";
  const link = returnUrl === null ? null : { href: returnUrl, label: "Go back" };
  return htmlAnswer(410, renderNoticePage({ title: "Portal session expired", message, link }));
}
