import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import {
  createClient,
  refusalOf,
  startTestStripe,
  type TestStripe,
} from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

describe("keys", () => {
  test("a request without a key is told how to send one", async () => {
    const response = await fetch(`${local.server.url}/v1/customers`);
    expect(response.status).toBe(401);
    const { error } = await response.json();
    expect(error.type).toBe("invalid_request_error");
    expect(error.message).toContain("You did not provide an API key");
  });

  test("a wrong key is refused with most of it masked", async () => {
    const error = await refusalOf(createClient(local.server, "sk_test_wrong_key_1234").customers.list());
    expect(error.statusCode).toBe(401);
    expect(error.type).toBe("StripeAuthenticationError");
    expect(error.message).toBe("Invalid API Key provided: sk_test_**********1234");
  });

  test("the publishable key may make a payment method and nothing secret", async () => {
    const client = createClient(local.server, "pk_test_local");
    const error = await refusalOf(client.customers.list());
    expect(error.statusCode).toBe(403);
    expect(error.code).toBe("secret_key_required");
    const card = { number: "4242424242424242", exp_month: 12, exp_year: 2040, cvc: "123" };
    const method = await client.paymentMethods.create({ type: "card", card });
    expect(method.card?.last4).toBe("4242");
  });

  test("a live key is refused with a word on where it belongs", async () => {
    const error = await refusalOf(createClient(local.server, "sk_live_51abcdefghijklmnop").customers.list());
    expect(error.statusCode).toBe(401);
    expect(error.message).toContain("has test mode only: sk_live_");
    expect(error.message).not.toContain("51abcdefghijkl");
  });

  // https://docs.stripe.com/keys/restricted-api-keys
  test("the read-only key reads everything and changes nothing", async () => {
    const client = createClient(local.server, "rk_test_local_read");
    const { id } = await local.stripe.customers.create({});
    expect((await client.customers.retrieve(id)).id).toBe(id);
    expect((await client.invoices.list()).data).toEqual(expect.any(Array));
    const error = await refusalOf(client.customers.update(id, { name: "Eve" }));
    expect([error.statusCode, error.type]).toEqual([403, "StripePermissionError"]);
    expect(error.message).toBe(
      "The provided key 'rk_test_******read' does not have the required permissions for this endpoint on account " +
        "'acct_local_tollkeeper'. Having the 'rak_customer_write' permission would allow this request to continue.",
    );
    expect((await refusalOf(client.customers.del(id))).statusCode).toBe(403);
    const lab = await local.raw("/lab/clock", { headers: { Authorization: "Bearer rk_test_local_read" } });
    expect(lab.status).toBe(403);
  });

  test("a restricted key does what its permissions say, and writing includes reading", async () => {
    const permissions = ["customer_write", "rak_subscription_read"];
    const { json } = await local.lab("POST", "/restricted-keys", { permissions });
    expect(json).toMatchObject({ permissions: ["customer_write", "subscription_read"] });
    const client = createClient(local.server, String(json.key));
    const { id } = await client.customers.create({});
    expect((await client.customers.retrieve(id)).id).toBe(id);
    expect((await client.subscriptions.list()).data).toEqual([]);
    const refused = await refusalOf(client.products.create({ name: "No" }));
    expect(refused.message).toContain("'rak_product_write'");
    expect((await refusalOf(client.prices.list())).message).toContain("'rak_plan_read'");
    expect((await local.lab("POST", "/restricted-keys", { permissions: ["dance"] })).status).toBe(400);
  });

  test("a key as the user of basic authentication is accepted", async () => {
    const authorization = `Basic ${Buffer.from("sk_test_local:").toString("base64")}`;
    const response = await fetch(`${local.server.url}/v1/customers`, { headers: { authorization } });
    expect(response.status).toBe(200);
  });
});

describe("refusals", () => {
  test("an unknown URL is answered 404 in Stripe's shape, so the SDK throws", async () => {
    const response = await local.raw("/v1/unheard_of");
    expect(response.status).toBe(404);
    const { error } = await response.json();
    expect(error.type).toBe("invalid_request_error");
    expect(error.message).toContain("Unrecognized request URL (GET: /v1/unheard_of)");
  });

  test("a call Stripe knows and this server does not is refused by name", async () => {
    const error = await refusalOf(local.stripe.payouts.create({ amount: 100, currency: "usd" }));
    expect([error.statusCode, String(error.code)]).toEqual([400, "not_simulated"]);
    expect(error.message).toBe("Not simulated yet by the local Stripe: POST /v1/payouts.");
    const domains = await refusalOf(local.stripe.paymentMethodDomains.list());
    expect(domains.message).toBe("Not simulated yet by the local Stripe: GET /v1/payment_method_domains.");
  });

  test("an unknown parameter is named, also deep inside a hash", async () => {
    const body = new URLSearchParams({ "invoice_settings[colour]": "red" });
    const response = await local.raw("/v1/customers", { method: "POST", body });
    expect(response.status).toBe(400);
    expect((await response.json()).error).toEqual({
      type: "invalid_request_error",
      code: "parameter_unknown",
      doc_url: "https://stripe.com/docs/error-codes/parameter-unknown",
      message: "Received unknown parameter: invoice_settings[colour]",
      param: "invoice_settings[colour]",
    });
  });

  test("a missing parameter is named", async () => {
    const response = await local.raw("/v1/products", { method: "POST" });
    const { error } = await response.json();
    expect([response.status, error.code, error.param]).toEqual([400, "parameter_missing", "name"]);
  });

  test.each([
    ["limit=0", "limit", "parameter_invalid_integer"],
    ["limit=101", "limit", "parameter_invalid_integer"],
    ["limit=ten", "limit", "parameter_invalid_integer"],
    ["created[gte]=soon", "created[gte]", undefined],
    ["email=", "email", "parameter_invalid_empty"],
    ["starting_after=cus_nobody", "starting_after", "resource_missing"],
  ])("?%s is refused and %s named", async (query, param, code) => {
    const response = await local.raw(`/v1/customers?${query}`);
    const { error } = await response.json();
    expect([response.status, error.param, error.code]).toEqual([400, param, code]);
  });

  test("a missing object in the URL is 404, in a parameter 400", async () => {
    const inUrl = await refusalOf(local.stripe.customers.retrieve("cus_nobody"));
    expect([inUrl.statusCode, inUrl.code, inUrl.param]).toEqual([404, "resource_missing", "id"]);
    expect(inUrl.message).toBe("No such customer: 'cus_nobody'");
    const inParam = await refusalOf(
      local.stripe.prices.create({ currency: "usd", unit_amount: 1, product: "prod_nothing" }),
    );
    expect([inParam.statusCode, inParam.code, inParam.param]).toEqual([400, "resource_missing", "product"]);
  });

  test("a body above one megabyte is refused", async () => {
    const body = `description=${"x".repeat(1024 * 1024)}`;
    const response = await local.raw("/v1/customers", { method: "POST", body });
    expect(response.status).toBe(413);
  });

  test("a host that is not this machine's is refused, whatever the path", async () => {
    const status = await new Promise((resolve, reject) => {
      const options = { host: "127.0.0.1", port: local.server.port, headers: { host: "stripe.evil.test" } };
      request(options, (response) => resolve(response.resume().statusCode))
        .on("error", reject)
        .end();
    });
    expect(status).toBe(400);
  });
});

describe("answers", () => {
  test("every answer carries a request id and echoes the API version", async () => {
    const customer = await local.stripe.customers.create({});
    expect(customer.lastResponse.requestId).toMatch(/^req_\w{14}$/);
    expect(customer.lastResponse.apiVersion).toBe("2026-10-28.endive");
    const refusal = await refusalOf(local.stripe.customers.retrieve("cus_nobody"));
    expect(refusal.requestId).toMatch(/^req_/);
  });

  // https://docs.stripe.com/api/versioning
  test("another API version is refused by naming the one that is spoken", async () => {
    const headers = { "Stripe-Version": "2024-06-20" };
    const response = await local.raw("/v1/customers", { headers });
    expect(response.status).toBe(400);
    expect((await response.json()).error.message).toContain("2026-10-28.endive");
    const own = { "Stripe-Version": "2026-10-28.endive" };
    expect((await local.raw("/v1/customers", { headers: own })).status).toBe(200);
    expect((await local.raw("/v1/customers")).headers.get("stripe-version")).toBe("2026-10-28.endive");
  });

  test("every request has an id of its own, and its events name it", async () => {
    const [first, second] = [
      await local.stripe.products.create({ name: "A" }),
      await local.stripe.products.list(),
    ];
    expect(first.lastResponse.requestId).not.toBe(second.lastResponse.requestId);
    const [event] = (await local.stripe.events.list({ type: "product.created", limit: 1 })).data;
    expect(event?.request?.id).toBe(first.lastResponse.requestId);
  });

  // https://docs.stripe.com/metadata
  test("metadata holds fifty keys of forty characters with values of five hundred", async () => {
    const keys = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, "v"]));
    const { id } = await local.stripe.customers.create({ metadata: keys(50) });
    const refused = async (metadata: Record<string, string>) =>
      (await refusalOf(local.stripe.customers.update(id, { metadata }))).statusCode;
    expect(await refused({ one: "more" })).toBe(400);
    expect(await refused({ ["k".repeat(41)]: "v" })).toBe(400);
    expect(await refused({ k0: "v".repeat(501) })).toBe(400);
    const exchanged = { k0: "", ["k".repeat(40)]: "v".repeat(500) };
    const { metadata } = await local.stripe.customers.update(id, { metadata: exchanged });
    expect(Object.keys(metadata)).toHaveLength(50);
  });

  // https://docs.stripe.com/api/customers/retrieve; of products and coupons the API returns no such stub
  test("a deleted customer is still there as a stub, a deleted product or coupon is not", async () => {
    const customer = await local.stripe.customers.create({});
    await local.stripe.customers.del(customer.id);
    expect(plain(await local.stripe.customers.retrieve(customer.id))).toEqual({
      id: customer.id,
      object: "customer",
      deleted: true,
    });
    const update = await refusalOf(local.stripe.customers.update(customer.id, { name: "Ghost" }));
    expect([update.statusCode, update.code]).toEqual([404, "resource_missing"]);
    const product = await local.stripe.products.create({ name: "Gone" });
    await local.stripe.products.del(product.id);
    expect((await refusalOf(local.stripe.products.retrieve(product.id))).code).toBe("resource_missing");
    const coupon = await local.stripe.coupons.create({ percent_off: 10 });
    await local.stripe.coupons.del(coupon.id);
    expect((await refusalOf(local.stripe.coupons.retrieve(coupon.id))).code).toBe("resource_missing");
  });

  test("metadata merges, '' removes a key, and '' for all of it clears everything", async () => {
    const { id } = await local.stripe.customers.create({ metadata: { a: "1", b: "2" } });
    const merged = await local.stripe.customers.update(id, { metadata: { b: "", c: "3" } });
    expect(merged.metadata).toEqual({ a: "1", c: "3" });
    expect((await local.stripe.customers.update(id, { metadata: "" })).metadata).toEqual({});
  });
});

describe("expanding", () => {
  test("ids become objects, to four levels and inside lists", async () => {
    const price = await createPlan(local.stripe);
    const customer = await createPayingCustomer(local.stripe);
    const subscription = await local.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      expand: ["customer"],
    });
    expect(subscription.customer).toMatchObject({ id: customer.id, object: "customer" });

    const page = await local.stripe.subscriptions.list({
      customer: customer.id,
      expand: ["data.customer.invoice_settings.default_payment_method", "data.latest_invoice.payments"],
    });
    const [found] = page.data;
    expect(found?.customer).toMatchObject({
      invoice_settings: { default_payment_method: { object: "payment_method" } },
    });
    expect(found?.latest_invoice).toMatchObject({
      payments: { data: [{ object: "invoice_payment", status: "paid" }] },
    });
  });

  test("a fifth level is refused", async () => {
    const call = local.stripe.subscriptions.list({ expand: ["data.items.data.price.product"] });
    expect((await refusalOf(call)).message).toContain("You cannot expand more than 4 levels of a property");
  });

  test("what is not an object cannot be expanded, and nothing is created", async () => {
    const before = (await local.stripe.customers.list({ limit: 100 })).data.length;
    for (const path of ["email", "metadata", "nonsense", "invoice_settings.footer"]) {
      const error = await refusalOf(local.stripe.customers.create({ expand: [path] }));
      expect(error.message).toBe(`This property cannot be expanded (${path}).`);
    }
    expect((await local.stripe.customers.list({ limit: 100 })).data.length).toBe(before);
  });

  test("fields that are left out appear only when asked for", async () => {
    const { id } = await local.stripe.customers.create({});
    expect(await local.stripe.customers.retrieve(id)).not.toHaveProperty("subscriptions");
    const expanded = await local.stripe.customers.retrieve(id, { expand: ["subscriptions"] });
    expect(expanded).toMatchObject({ subscriptions: { object: "list", data: [] } });
  });
});

describe("lists", () => {
  test("the SDK pages through all of them, newest first, in both directions", async () => {
    const product = await local.stripe.products.create({ name: "Paged" });
    const ids: string[] = [];
    for (let amount = 1; amount <= 7; amount += 1) {
      ids.push(
        (await local.stripe.prices.create({ product: product.id, currency: "usd", unit_amount: amount })).id,
      );
    }
    const newestFirst = [...ids].reverse();
    const forwards: string[] = [];
    for await (const price of local.stripe.prices.list({ product: product.id, limit: 3 }))
      forwards.push(price.id);
    expect(forwards).toEqual(newestFirst);

    const oldest = ids[0] ?? "";
    const nearest = await local.stripe.prices.list({ product: product.id, limit: 2, ending_before: oldest });
    expect(nearest.data.map((price) => price.id)).toEqual(newestFirst.slice(-3, -1));
    expect(nearest.has_more).toBe(true);
    const backwards: string[] = [];
    for await (const price of local.stripe.prices.list({
      product: product.id,
      limit: 2,
      ending_before: oldest,
    })) {
      backwards.push(price.id);
    }
    expect(backwards).toEqual(ids.slice(1));
  });

  // https://docs.stripe.com/api/pagination
  test("hundreds are paged through whole, also while they are deleted", async () => {
    const own = await startTestStripe();
    for (let count = 0; count < 230; count += 1) await own.stripe.customers.create({});
    const all = await own.stripe.customers.list({ limit: 100 }).autoPagingToArray({ limit: 1000 });
    expect(new Set(all.map(({ id }) => id)).size).toBe(230);
    let deleted = 0;
    for await (const { id } of own.stripe.customers.list({ limit: 50 })) {
      await own.stripe.customers.del(id);
      deleted += 1;
    }
    expect(deleted).toBe(230);
    expect((await own.stripe.customers.list()).data).toEqual([]);
    await own.server.close();
  });

  test("a cursor of another kind is as unknown as none, and only one may be given", async () => {
    const product = await local.stripe.products.create({ name: "No customer" });
    const other = await refusalOf(local.stripe.customers.list({ starting_after: product.id }));
    expect([other.statusCode, other.code, other.param]).toEqual([400, "resource_missing", "starting_after"]);
    expect(other.message).toBe(`No such customer: '${product.id}'`);
    const { id } = await local.stripe.customers.create({});
    const both = await refusalOf(local.stripe.customers.list({ starting_after: id, ending_before: id }));
    expect(both.statusCode).toBe(400);
  });

  test("filters by time include and exclude the bound as asked", async () => {
    const { created, email } = await local.stripe.customers.create({ email: "range@example.test" });
    const count = async (range: object) =>
      (await local.stripe.customers.list({ email: email ?? "", created: range })).data.length;
    expect(await count({ gte: created })).toBe(1);
    expect(await count({ gt: created })).toBe(0);
    expect(await count({ lte: created })).toBe(1);
    expect(await count({ lt: created })).toBe(0);
  });
});

/** As it went over the wire, without what the SDK adds. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
