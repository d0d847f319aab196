import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { forgetDue, planDue } from "@/local/stripe/time/due";
import { checkExpiry } from "./create-credit-grant";
import type { grantUpdateParams } from "./credit-grant-params";
import { leftOf, moveCredits } from "./credit-transactions";

type Grant = Stripe.Billing.CreditGrant;

/** https://docs.stripe.com/api/billing/credit-grant/update */
export function updateCreditGrant(
  context: Context,
  before: Grant,
  params: ParamsOf<typeof grantUpdateParams>,
): Grant {
  if (params.expires_at !== undefined) checkIsLive(context, before, "update");
  if (typeof params.expires_at === "number") checkExpiry(context, params.expires_at, before.effective_at);
  const expiresAt = params.expires_at === undefined ? before.expires_at : params.expires_at;
  forgetDue(context.store, before.id, "expire_credit_grant");
  if (expiresAt !== null && expiresAt > context.now) {
    planDue(context.store, { at: expiresAt, kind: "expire_credit_grant", objectId: before.id });
  }
  return save(context, before, {
    expires_at: expiresAt,
    metadata: mergeMetadata(before.metadata, params.metadata),
  });
}

/** Ends a grant now; what is left of it is gone. https://docs.stripe.com/api/billing/credit-grant/expire */
export function expireCreditGrant(context: Context, before: Grant): Grant {
  checkIsLive(context, before, "expire");
  forgetDue(context.store, before.id, "expire_credit_grant");
  const grant = save(context, before, { expires_at: context.now });
  dropRest(context, grant, "credits_expired");
  return grant;
}

/** The same by time. https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits */
export function expireGrantByTime(context: Context, grant: Grant): void {
  if (grant.voided_at === null) dropRest(context, grant, "credits_expired");
}

/** Takes a grant back of which nothing was used. https://docs.stripe.com/api/billing/credit-grant/void */
export function voidCreditGrant(context: Context, before: Grant): Grant {
  checkIsLive(context, before, "void");
  if (leftOf(context, before.id) !== before.amount.monetary?.value) {
    throw invalidRequest(
      `You cannot void the credit grant ${before.id} because some of its credits were applied to an invoice. Expire it ` +
        "instead.",
    );
  }
  forgetDue(context.store, before.id, "expire_credit_grant");
  const grant = save(context, before, { voided_at: context.now });
  dropRest(context, grant, "credits_voided");
  return grant;
}

function save(context: Context, before: Grant, change: Partial<Grant>): Grant {
  const grant: Grant = { ...before, ...change, updated: context.now };
  saveAndTell(context, "billing.credit_grant", grant, before, "billing.credit_grant.updated");
  return grant;
}

function dropRest(context: Context, grant: Grant, type: "credits_expired" | "credits_voided"): void {
  const left = leftOf(context, grant.id);
  if (left > 0) moveCredits(context, grant, left, { type });
}

function checkIsLive(context: Context, { id, voided_at, expires_at }: Grant, verb: string): void {
  if (voided_at !== null) throw invalidRequest(`You cannot ${verb} the credit grant ${id}: it was voided.`);
  if (expires_at !== null && expires_at <= context.now) {
    throw invalidRequest(`You cannot ${verb} the credit grant ${id}: it has expired.`);
  }
}
