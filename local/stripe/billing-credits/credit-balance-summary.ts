import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { hash, oneOf, type ParamsOf, required, text } from "@/local/stripe/http/params";
import { invalidRequest, parameterMissing } from "@/local/stripe/http/stripe-api-error";
import { getByParam, idOf } from "@/local/stripe/references";
import { usableGrants } from "./apply-credits";
import { scopeParam } from "./credit-grant-params";
import { currencyOf, leftOf } from "./credit-transactions";

export const summaryParams = {
  customer: required(text()),
  filter: required(
    hash({
      applicability_scope: scopeParam,
      credit_grant: text(),
      type: required(oneOf("applicability_scope", "credit_grant")),
    }),
  ),
};

type Params = ParamsOf<typeof summaryParams>;
type Grant = Stripe.Billing.CreditGrant;

/**
 * What a customer can use of a grant, or of all grants of a scope, a sum per currency.
 * https://docs.stripe.com/api/billing/credit-balance-summary/retrieve
 */
export function summarizeCredits(
  context: Context,
  { customer: customerId, filter }: Params,
): Stripe.Billing.CreditBalanceSummary {
  const customer = getByParam(context, "customer", customerId, "customer");
  const sums = new Map<string, number>();
  for (const currency of currenciesAskedFor(context, customer.id, filter)) sums.set(currency, 0);
  for (const grant of usableGrants(context, customer.id)) {
    if (!passes(grant, filter)) continue;
    const currency = currencyOf(grant);
    sums.set(currency, (sums.get(currency) ?? 0) + leftOf(context, grant.id));
  }
  return {
    object: "billing.credit_balance_summary",
    balances: [...sums].map(([currency, value]) => ({
      available_balance: { monetary: { currency, value }, type: "monetary" },
      ledger_balance: { monetary: { currency, value }, type: "monetary" },
    })),
    customer: customer.id,
    customer_account: null,
    livemode: false,
  };
}

/** A grant that is named is told of even when nothing of it can be used. */
function currenciesAskedFor(context: Context, customer: string, filter: Params["filter"]): string[] {
  if (filter.type === "applicability_scope") {
    const scope = filter.applicability_scope;
    if (!scope) throw parameterMissing("filter[applicability_scope]");
    if ((scope.price_type === undefined) === (scope.prices === undefined)) {
      throw invalidRequest("Give one of `price_type` and `prices`.", {
        param: "filter[applicability_scope]",
      });
    }
    return [];
  }
  const param = "filter[credit_grant]";
  if (filter.credit_grant === undefined) throw parameterMissing(param);
  const grant = getByParam(context, "billing.credit_grant", filter.credit_grant, param);
  if (idOf(grant.customer) === customer) return [currencyOf(grant)];
  throw invalidRequest(`The credit grant ${grant.id} does not belong to the customer ${customer}.`, {
    param,
  });
}

function passes({ id, applicability_config: { scope } }: Grant, filter: Params["filter"]): boolean {
  if (filter.type === "credit_grant") return id === filter.credit_grant;
  const asked = filter.applicability_scope;
  if (asked?.price_type !== undefined) return scope.price_type === asked.price_type;
  return (scope.prices ?? []).some((price) => asked?.prices?.some((one) => one.id === price.id));
}
