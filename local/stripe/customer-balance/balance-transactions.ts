import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { integer, metadata, type ParamsOf, required, text, timeRange } from "@/local/stripe/http/params";
import { notSimulated, resourceMissing } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByPath, idOf } from "@/local/stripe/references";
import { fieldEquals, fieldInRange, ofCustomer } from "@/local/stripe/store/list-objects";
import { saveObject } from "@/local/stripe/store/store";
import { changeBalance } from "./change-balance";

const MAX_AMOUNT = 99_999_999;

const createParams = {
  amount: required(integer({ min: -MAX_AMOUNT, max: MAX_AMOUNT })),
  currency: required(text(3)),
  description: text(350),
  metadata: metadata(),
};

const updateParams = { description: text(350), metadata: metadata() };

/** https://docs.stripe.com/api/customer_balance_transactions */
export const customerBalanceOperations = [
  operation({
    method: "POST",
    path: "/v1/customers/:customer/balance_transactions",
    params: createParams,
    run: (context, params, path) => adjustBalance(context, path.customer, params),
  }),
  operation({
    method: "GET",
    path: "/v1/customers/:customer/balance_transactions",
    params: { ...paginationParams, created: timeRange(), invoice: text() },
    run: (context, params, path) => {
      getByPath(context, "customer", path.customer);
      const url = `/v1/customers/${path.customer}/balance_transactions`;
      return listPage(context, url, "customer_balance_transaction", params, [
        ofCustomer(path.customer),
        ...(params.invoice === undefined ? [] : [fieldEquals("$.invoice", params.invoice)]),
        ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
      ]);
    },
  }),
  operation({
    method: "GET",
    path: "/v1/customers/:customer/balance_transactions/:transaction",
    params: {},
    run: (context, _params, path) => getTransaction(context, path),
  }),
  operation({
    method: "POST",
    path: "/v1/customers/:customer/balance_transactions/:transaction",
    params: updateParams,
    run: (context, params, path) => {
      const before = getTransaction(context, path);
      const transaction: Stripe.CustomerBalanceTransaction = {
        ...before,
        description: params.description ?? before.description,
        metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
      };
      saveObject(context.store, "customer_balance_transaction", transaction);
      return transaction;
    },
  }),
];

/** A credit (below zero) or a debit given by hand. https://docs.stripe.com/api/customer_balance_transactions/create */
function adjustBalance(
  context: Context,
  customerId: string,
  params: ParamsOf<typeof createParams>,
): Stripe.CustomerBalanceTransaction {
  const customer = getByPath(context, "customer", customerId);
  const currency = params.currency.toLowerCase();
  if (customer.currency && customer.currency !== currency) {
    throw notSimulated("a balance in another currency than the customer's", "currency");
  }
  return changeBalance(context, {
    customer: customerId,
    amount: params.amount,
    currency,
    type: "adjustment",
    description: params.description,
    metadata: mergeMetadata({}, params.metadata),
  });
}

function getTransaction(
  context: Context,
  path: { customer: string; transaction: string },
): Stripe.CustomerBalanceTransaction {
  getByPath(context, "customer", path.customer);
  const transaction = getByPath(context, "customer_balance_transaction", path.transaction);
  if (idOf(transaction.customer) === path.customer) return transaction;
  throw resourceMissing("customer balance transaction", path.transaction, "transaction", 404);
}
