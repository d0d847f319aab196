import { customerFilter } from "@/local/stripe/customers/customer-filter";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { text } from "@/local/stripe/http/params";
import { getByParam, getByPath } from "@/local/stripe/references";
import { fieldEquals, type ListFilter } from "@/local/stripe/store/list-objects";
import { expireCreditGrant, updateCreditGrant, voidCreditGrant } from "./change-credit-grant";
import { createCreditGrant } from "./create-credit-grant";
import { summarizeCredits, summaryParams } from "./credit-balance-summary";
import { grantCreateParams, grantListParams, grantUpdateParams } from "./credit-grant-params";

const transactionListParams = { ...paginationParams, credit_grant: text(), customer: text() };

/**
 * https://docs.stripe.com/api/billing/credit-grant, https://docs.stripe.com/api/billing/credit-balance-summary and
 * https://docs.stripe.com/api/billing/credit-balance-transaction
 */
export const billingCreditOperations = [
  operation({
    method: "POST",
    path: "/v1/billing/credit_grants",
    params: grantCreateParams,
    run: (context, params) => createCreditGrant(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/billing/credit_grants",
    params: grantListParams,
    run: (context, params) =>
      listPage(
        context,
        "/v1/billing/credit_grants",
        "billing.credit_grant",
        params,
        customerFilter(context, params.customer),
      ),
  }),
  operation({
    method: "GET",
    path: "/v1/billing/credit_grants/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "billing.credit_grant", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/billing/credit_grants/:id",
    params: grantUpdateParams,
    run: (context, params, path) =>
      updateCreditGrant(context, getByPath(context, "billing.credit_grant", path.id), params),
  }),
  operation({
    method: "POST",
    path: "/v1/billing/credit_grants/:id/expire",
    params: {},
    run: (context, _params, path) =>
      expireCreditGrant(context, getByPath(context, "billing.credit_grant", path.id)),
  }),
  operation({
    method: "POST",
    path: "/v1/billing/credit_grants/:id/void",
    params: {},
    run: (context, _params, path) =>
      voidCreditGrant(context, getByPath(context, "billing.credit_grant", path.id)),
  }),
  operation({
    method: "GET",
    path: "/v1/billing/credit_balance_summary",
    params: summaryParams,
    run: (context, params) => summarizeCredits(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/billing/credit_balance_transactions",
    params: transactionListParams,
    run(context, params) {
      const filters = customerFilter(context, params.customer).map(ofGrants);
      if (params.credit_grant !== undefined) {
        getByParam(context, "billing.credit_grant", params.credit_grant, "credit_grant");
        filters.push(fieldEquals("$.credit_grant", params.credit_grant));
      }
      const url = "/v1/billing/credit_balance_transactions";
      return listPage(context, url, "billing.credit_balance_transaction", params, filters);
    },
  }),
  operation({
    method: "GET",
    path: "/v1/billing/credit_balance_transactions/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "billing.credit_balance_transaction", path.id),
  }),
];

/** Transactions name no customer; their grants do. */
function ofGrants({ sql, values }: ListFilter): ListFilter {
  return {
    sql: `json_extract(body, '$.credit_grant') in
      (select id from objects where type = 'billing.credit_grant' and ${sql})`,
    values,
  };
}
