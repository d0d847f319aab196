import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { queryRows } from "@/local/stripe/store/store";

/** The sum of all balance transactions; nothing is ever paid out. https://docs.stripe.com/api/balance */
export function retrieveBalance(context: Context): Stripe.Balance {
  const sql = `select json_extract(body, '$.currency') as currency, json_extract(body, '$.status') as status,
      sum(json_extract(body, '$.net')) as amount
    from objects where type = 'balance_transaction' and deleted = 0 group by 1, 2 order by 1`;
  const sums = queryRows<{ currency: string; status: string; amount: number }>(context.store, sql);
  const currencies = [...new Set(["usd", ...sums.map(({ currency }) => currency)])];
  const amounts = (status: string) =>
    currencies.map((currency) => {
      const amount = sums.find((sum) => sum.currency === currency && sum.status === status)?.amount ?? 0;
      return { amount, currency, source_types: { card: amount } };
    });
  return {
    object: "balance",
    available: amounts("available"),
    livemode: false,
    pending: amounts("pending"),
  };
}
