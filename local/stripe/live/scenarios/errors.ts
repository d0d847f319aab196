import { check, checkRefusal } from "@/local/stripe/live/check";
import type { Scenario } from "@/local/stripe/live/scenario";
import { makeCustomer, unique } from "@/local/stripe/live/world";

export const errors: Scenario = {
  name: "what is refused is refused with its status, its code and the parameter's name",
  page: "https://docs.stripe.com/error-codes",
  async run(stripe) {
    const type = "invalid_request_error";
    await checkRefusal("an id nobody has", stripe.customers.retrieve("cus_none"), {
      statusCode: 404,
      type,
      code: "resource_missing",
      param: "id",
    });
    await checkRefusal("a price nobody has", stripe.prices.retrieve("price_none"), {
      statusCode: 404,
      type,
      code: "resource_missing",
      param: "price",
    });
    // The parameters are wrong on purpose.
    await checkRefusal("an unknown parameter", stripe.products.create({ name: "A", nope: "1" } as never), {
      statusCode: 400,
      type,
      code: "parameter_unknown",
      param: "nope",
    });
    await checkRefusal("a missing parameter", stripe.products.create({} as never), {
      statusCode: 400,
      type,
      code: "parameter_missing",
      param: "name",
    });
    await checkRefusal(
      "a customer nobody has, as a parameter",
      stripe.invoiceItems.create({ customer: "cus_none", amount: 5, currency: "usd" }),
      { statusCode: 400, type, code: "resource_missing", param: "customer" },
    );
  },
};

export const idempotency: Scenario = {
  name: "a key answers a repeated call with the first answer and refuses another one",
  page: "https://docs.stripe.com/api/idempotent_requests",
  async run(stripe, world) {
    const options = { idempotencyKey: unique("contract") };
    const customer = await makeCustomer(world, null);
    const params = { amount: -100, currency: "usd" };
    const [first, again] = [
      await stripe.customers.createBalanceTransaction(customer.id, params, options),
      await stripe.customers.createBalanceTransaction(customer.id, params, options),
    ];
    check("the answer to the repeated call", again, { id: first.id, ending_balance: -100 });
    check("balance", await stripe.customers.retrieve(customer.id), { balance: -100 });
    await checkRefusal(
      "other parameters under the key",
      stripe.customers.createBalanceTransaction(customer.id, { ...params, amount: -200 }, options),
      { statusCode: 400, type: "idempotency_error" },
    );
  },
};

export const paging: Scenario = {
  name: "a list is paged newest first, forwards and backwards",
  page: "https://docs.stripe.com/api/pagination",
  async run(stripe, world) {
    const customer = await makeCustomer(world, null);
    const ids: string[] = [];
    for (let amount = 1; amount <= 5; amount += 1) {
      const params = { amount, currency: "usd" };
      ids.unshift((await stripe.customers.createBalanceTransaction(customer.id, params)).id);
    }
    const list = (params: object) => stripe.customers.listBalanceTransactions(customer.id, params);
    const idsOf = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id);
    const first = await list({ limit: 2 });
    check("first page", { ...first, data: idsOf(first) }, { has_more: true, data: ids.slice(0, 2) });
    const next = await list({ limit: 2, starting_after: ids[1] });
    check("next page", idsOf(next), ids.slice(2, 4));
    const back = await list({ limit: 2, ending_before: ids[3] });
    check("page before", idsOf(back), ids.slice(1, 3));
    const all: string[] = [];
    for await (const { id } of list({ limit: 2 })) all.push(id);
    check("all pages", all, ids);
  },
};
