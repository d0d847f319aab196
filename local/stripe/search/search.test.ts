import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
let stripe: Stripe;
beforeAll(async () => {
  local = await startTestStripe();
  stripe = local.stripe;
  await stripe.customers.create({
    name: "Ada Lovelace",
    email: "ada@example.test",
    metadata: { plan: "pro" },
  });
  await stripe.customers.create({ name: "Grace Hopper", email: "grace@example.test", phone: "+15550100" });
  await stripe.customers.create({ name: 'Alan "Al" Turing', metadata: { "a b": "it's", plan: "Free" } });
});
afterAll(() => local.server.close());

async function names(query: string): Promise<(string | null | undefined)[]> {
  const found = await stripe.customers.search({ query });
  expect(found).toMatchObject({ object: "search_result", has_more: false, next_page: null });
  return found.data.map(({ name }) => name?.split(" ")[0]).reverse();
}

// https://docs.stripe.com/search#search-query-language
describe("the query language", () => {
  test.each([
    ['email:"ada@example.test"', ["Ada"]],
    ["email:'ADA@EXAMPLE.TEST'", ["Ada"]],
    ['email:"ada"', []],
    ['email~"example"', ["Ada", "Grace"]],
    ['-email~"ada"', ["Grace", "Alan"]],
    ["email:null", ["Alan"]],
    ["-email:null", ["Ada", "Grace"]],
    ['metadata["plan"]:"free"', ["Alan"]],
    ['-metadata["plan"]:"free"', ["Ada", "Grace"]],
    ['metadata["plan"]:null', ["Grace"]],
    ['-metadata["plan"]:null', ["Ada", "Alan"]],
    ["metadata['a b']:\"it's\"", ["Alan"]],
    ["metadata['a b']:'it\\'s'", ["Alan"]],
    ['name:"Alan \\"Al\\" Turing"', ["Alan"]],
    ['name~"hop" phone:"+15550100"', ["Grace"]],
    ['name~"hop" AND email~"ada"', []],
    ['name~"hop" OR email~"ada"', ["Ada", "Grace"]],
    ["created>0 and -created<0", ["Ada", "Grace", "Alan"]],
    ["created<=0", []],
    ["created>=99999999999", []],
    ["created:0", []],
  ])("%s", async (query, found) => {
    expect(await names(query)).toEqual(found);
  });

  test.each([
    ["", "parameter"],
    ["Ada", "unable to parse"],
    ['email:"ada', "unable to parse"],
    ['(email:"ada")', "unable to parse"],
    ['email:"a" AND', "unable to parse"],
    ['metadata["plan"]', "unable to parse"],
    ['email:"a" AND name:"b" OR phone:"c"', "combine AND and OR"],
    [Array(11).fill('email:"a"').join(" "), "at most 10 clauses"],
    ['email~"ad"', "at least 3 characters"],
    ['email>"a"', "Operator `>` is not supported"],
    ['created~"123"', "Operator `~` is not supported"],
    ["created:yesterday", "whole number"],
    ['metadata:"pro"', "Field `metadata` is an unsupported search field"],
    ['constructor:"x"', "Field `constructor` is an unsupported search field"],
  ])("refuses %s", async (query, message) => {
    const refusal = await refusalOf(stripe.customers.search({ query }));
    expect([refusal.statusCode, refusal.param]).toEqual([400, "query"]);
    expect(refusal.message).toContain(message);
  });

  test("names the resource whose field it does not know", async () => {
    const refusal = await refusalOf(stripe.paymentIntents.search({ query: 'foo:"bar"' }));
    expect(refusal.message).toBe(
      "Field `foo` is an unsupported search field for resource `payment_intents`. See " +
        "http://stripe.com/docs/search#query-fields-for-payment-intents for a list of supported fields.",
    );
    expect((await refusalOf(local.stripe.rawRequest("GET", "/v1/prices/search"))).code).toBe(
      "parameter_missing",
    );
  });
});

// https://docs.stripe.com/api/pagination/search
test("results come in pages, newest first, and are counted on request", async () => {
  const query = "created>0";
  const first = await stripe.customers.search({ query, limit: 2, expand: ["total_count"] });
  expect(first).toMatchObject({ has_more: true, total_count: 3, url: "/v1/customers/search" });
  const second = await stripe.customers.search({ query, limit: 2, page: String(first.next_page) });
  expect([second.has_more, second.next_page, second.data.length]).toEqual([false, null, 1]);
  expect(second).not.toHaveProperty("total_count");
  const all = await stripe.customers.search({ query, limit: 1 }).autoPagingToArray({ limit: 10 });
  expect(all.map(({ name }) => name?.slice(0, 3))).toEqual(["Ala", "Gra", "Ada"]);
  const refusal = await refusalOf(stripe.customers.search({ query, page: "2" }));
  expect(refusal.param).toBe("page");
});

// https://docs.stripe.com/search#query-fields-for-charges and what follows there
test("every resource is found by its own fields, at once, and its references are expanded", async () => {
  const customer = await createPayingCustomer(stripe, "pm_card_mastercard");
  const price = await createPlan(stripe, { lookup_key: "pro_quarterly", metadata: { tier: "pro" } });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    metadata: { order: "7" },
  });
  const byStatus = `customer:"${customer.id}" status:"succeeded"`;
  const charges = await stripe.charges.search({
    query: `${byStatus} payment_method_details.card.last4:4444 amount>5399 disputed:"false"`,
    expand: ["data.customer"],
  });
  expect(charges.data[0]?.customer).toMatchObject({ id: customer.id, object: "customer" });
  const intents = await stripe.paymentIntents.search({ query: `${byStatus} currency:"usd"` });
  expect(intents.data.map(({ id }) => id)).toEqual([charges.data[0]?.payment_intent]);
  const invoices = await stripe.invoices.search({
    query: `subscription:"${subscription.id}" total=5400 status:"paid"`,
  });
  expect(invoices.data.map(({ id }) => id)).toEqual([subscription.latest_invoice]);
  const prices = await stripe.prices.search({ query: 'active:"true" lookup_key~"quarter" type:"recurring"' });
  expect(prices.data.map(({ id }) => id)).toEqual([price.id]);
  const products = await stripe.products.search({ query: 'active:true name~"community" url:null' });
  expect(products.data.map(({ id }) => id)).toEqual([price.product]);
  expect((await stripe.products.search({ query: "active:false" })).data).toEqual([]);
  const subscriptions = await stripe.subscriptions.search({
    query: 'status:"active" metadata["order"]:"7" -canceled_at>0',
  });
  expect(subscriptions.data.map(({ id }) => id)).toEqual([subscription.id]);
  await stripe.customers.del(customer.id);
  expect((await stripe.customers.search({ query: 'name:"Ada"' })).data).toEqual([]);
});
