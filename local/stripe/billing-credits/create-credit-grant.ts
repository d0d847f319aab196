import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByParam } from "@/local/stripe/references";
import { insertObject } from "@/local/stripe/store/store";
import { planDue } from "@/local/stripe/time/due";
import type { grantCreateParams } from "./credit-grant-params";
import { moveCredits } from "./credit-transactions";

type Params = ParamsOf<typeof grantCreateParams>;

const DEFAULT_PRIORITY = 50;

/**
 * Grants credits for metered usage to a customer. They count from `effective_at` on and are gone at `expires_at`.
 * https://docs.stripe.com/api/billing/credit-grant/create
 */
export function createCreditGrant(context: Context, params: Params): Stripe.Billing.CreditGrant {
  const customer = getByParam(context, "customer", params.customer, "customer");
  const effectiveAt = params.effective_at ?? context.now;
  const expiresAt = params.expires_at ?? null;
  if (expiresAt !== null) checkExpiry(context, expiresAt, effectiveAt);
  const grant: Stripe.Billing.CreditGrant = {
    id: newId("credgr_test"),
    object: "billing.credit_grant",
    amount: { monetary: params.amount.monetary, type: "monetary" },
    applicability_config: { scope: readScope(context, params.applicability_config.scope) },
    category: params.category ?? "paid",
    created: context.now,
    customer: customer.id,
    customer_account: null,
    effective_at: effectiveAt,
    expires_at: expiresAt,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    name: params.name ?? null,
    priority: params.priority ?? DEFAULT_PRIORITY,
    test_clock: context.store.testClock,
    updated: context.now,
    voided_at: null,
  };
  insertObject(context.store, "billing.credit_grant", grant, { left: 0 });
  emitEvent(context, "billing.credit_grant.created", grant);
  moveCredits(context, grant, params.amount.monetary.value, { type: "credits_granted" });
  if (expiresAt !== null) {
    planDue(context.store, { at: expiresAt, kind: "expire_credit_grant", objectId: grant.id });
  }
  return grant;
}

/** @throws StripeApiError 400 naming `expires_at`. */
export function checkExpiry(context: Context, expiresAt: number, effectiveAt: number | null): void {
  if (expiresAt > context.now && expiresAt > (effectiveAt ?? 0)) return;
  throw invalidRequest("`expires_at` must be in the future and after `effective_at`.", {
    param: "expires_at",
  });
}

/** All metered prices, or some; every one of them has to have a meter. */
function readScope(
  context: Context,
  scope: Params["applicability_config"]["scope"],
): Stripe.Billing.CreditGrant.ApplicabilityConfig.Scope {
  const path = "applicability_config[scope]";
  if ((scope.price_type === undefined) === (scope.prices === undefined)) {
    throw invalidRequest(`You must specify one of these parameters: ${path}[price_type], ${path}[prices].`, {
      param: path,
    });
  }
  if (scope.price_type !== undefined) return { price_type: scope.price_type };
  const prices = scope.prices ?? [];
  if (prices.length === 0)
    throw invalidRequest("At least one price is needed.", { param: `${path}[prices]` });
  for (const [index, { id }] of prices.entries()) {
    const param = `${path}[prices][${index}][id]`;
    const price = getByParam(context, "price", id, param);
    if (!price.recurring?.meter) {
      throw invalidRequest(`Credits apply to metered prices with a billing meter only; ${id} has none.`, {
        param,
      });
    }
  }
  return { prices };
}
