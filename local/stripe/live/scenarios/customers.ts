import { check, checkRefusal } from "@/local/stripe/live/check";
import type { Scenario } from "@/local/stripe/live/scenario";
import { makeCustomer } from "@/local/stripe/live/world";

export const customers: Scenario = {
  name: "customers are made, changed and deleted, and their balance is the sum of its changes",
  page: "https://docs.stripe.com/api/customers",
  async run(stripe, world) {
    const customer = await makeCustomer(world, null, {
      email: "ada@example.com",
      metadata: { team: "blue" },
    });
    check("customer", customer, {
      object: "customer",
      balance: 0,
      delinquent: false,
      email: "ada@example.com",
      livemode: false,
      metadata: { team: "blue" },
      tax_exempt: "none",
    });
    const credit = await stripe.customers.createBalanceTransaction(customer.id, {
      amount: -500,
      currency: "usd",
    });
    check("credit", credit, { amount: -500, ending_balance: -500, type: "adjustment" });
    const debit = await stripe.customers.createBalanceTransaction(customer.id, {
      amount: 200,
      currency: "usd",
    });
    check("debit", debit, { amount: 200, ending_balance: -300 });
    check("balance", await stripe.customers.retrieve(customer.id), { balance: -300, currency: "usd" });
    const { id } = await stripe.customers.create({ name: "Contract check" });
    check("deletion", await stripe.customers.del(id), { id, object: "customer", deleted: true });
    check("deleted", await stripe.customers.retrieve(id), { id, deleted: true });
    await checkRefusal("changing a deleted one", stripe.customers.update(id, { name: "Ada" }), {
      statusCode: 404,
      code: "resource_missing",
    });
    await checkRefusal("no address at all", stripe.customers.create({ email: "nobody" }), {
      statusCode: 400,
      code: "email_invalid",
      param: "email",
    });
  },
};
