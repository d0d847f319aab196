import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

test("a product is read back as it was made and changed", async () => {
  const product = await local.stripe.products.create({
    name: "Pro",
    description: "All of it",
    metadata: { tier: "2" },
  });
  expect(product).toMatchObject({ object: "product", active: true, name: "Pro", livemode: false });
  expect(product.id).toMatch(/^prod_\w{14}$/);
  const updated = await local.stripe.products.update(product.id, {
    name: "Pro+",
    description: "",
    active: false,
  });
  expect(updated).toMatchObject({ name: "Pro+", description: null, active: false, metadata: { tier: "2" } });
  expect(await local.stripe.products.retrieve(product.id)).toEqual(updated);
});

test("an id of one's own is kept, and not given twice", async () => {
  await local.stripe.products.create({ id: "plan_community_pro", name: "Own id" });
  const error = await refusalOf(local.stripe.products.create({ id: "plan_community_pro", name: "Again" }));
  expect([error.statusCode, error.code]).toEqual([400, "resource_already_exists"]);
});

test("lists are filtered by activity and by ids", async () => {
  const a = await local.stripe.products.create({ name: "A", active: false });
  const b = await local.stripe.products.create({ name: "B" });
  const inactive = await local.stripe.products.list({ active: false, limit: 100 });
  expect(inactive.data.map((product) => product.id)).toContain(a.id);
  expect(inactive.data.map((product) => product.id)).not.toContain(b.id);
  const both = await local.stripe.products.list({ ids: [a.id, b.id] });
  expect(both.data.map((product) => product.id)).toEqual([b.id, a.id]);
});

test("a product is deleted only while it has no price", async () => {
  const product = await local.stripe.products.create({ name: "Short-lived" });
  expect(await local.stripe.products.del(product.id)).toMatchObject({ id: product.id, deleted: true });
  expect((await refusalOf(local.stripe.products.retrieve(product.id))).code).toBe("resource_missing");
  const sold = await local.stripe.products.create({ name: "Sold" });
  await local.stripe.prices.create({ product: sold.id, currency: "usd", unit_amount: 100 });
  expect((await refusalOf(local.stripe.products.del(sold.id))).message).toContain("cannot be deleted");
});

// https://docs.stripe.com/api/products/create#create_product-default_price_data
test("a product is made with its default price, and told of first", async () => {
  const product = await local.stripe.products.create({
    name: "With price",
    default_price_data: { currency: "usd", unit_amount: 1500, recurring: { interval: "month" } },
    expand: ["default_price"],
  });
  expect(product.default_price).toMatchObject({ object: "price", unit_amount: 1500, product: product.id });
  const events = await local.stripe.events.list({ types: ["product.created", "price.created"], limit: 2 });
  expect(events.data.map(({ type }) => type)).toEqual(["price.created", "product.created"]);
  expect(events.data[1]?.data.object).toMatchObject({ id: product.id, default_price: expect.any(String) });
});

test("a default price belongs to its product and cannot be archived while it is the default", async () => {
  const product = await local.stripe.products.create({
    name: "Priced",
    default_price_data: { currency: "usd", unit_amount: 1500 },
  });
  const foreign = await local.stripe.prices.create({
    currency: "usd",
    unit_amount: 1,
    product_data: { name: "Other" },
  });
  const refused = await refusalOf(local.stripe.products.update(product.id, { default_price: foreign.id }));
  expect([refused.statusCode, refused.param]).toEqual([400, "default_price"]);
  const price = String(product.default_price);
  expect((await refusalOf(local.stripe.prices.update(price, { active: false }))).message).toBe(
    "This price cannot be archived because it is the default price of its product.",
  );
  await local.stripe.products.update(product.id, { default_price: "" });
  expect((await local.stripe.prices.update(price, { active: false })).active).toBe(false);
});

test("what a product says of itself is kept", async () => {
  const product = await local.stripe.products.create({
    name: "Full",
    images: ["https://example.test/a.png"],
    marketing_features: [{ name: "All of it" }],
    statement_descriptor: "TOLLKEEPER PRO",
    tax_code: "txcd_10103000",
    unit_label: "seat",
    url: "https://example.test/pro",
  });
  expect(product).toMatchObject({
    images: ["https://example.test/a.png"],
    marketing_features: [{ name: "All of it" }],
    statement_descriptor: "TOLLKEEPER PRO",
    tax_code: "txcd_10103000",
    unit_label: "seat",
    url: "https://example.test/pro",
  });
  const byUrl = await local.stripe.products.list({ url: "https://example.test/pro" });
  expect(byUrl.data.map(({ id }) => id)).toEqual([product.id]);
});

test.each([
  [{ url: "example" }, "url"],
  [{ statement_descriptor: "<script>" }, "statement_descriptor"],
  [{ unit_label: "longer than twelve" }, "unit_label"],
])("%o is refused, naming %s", async (fields, param) => {
  const error = await refusalOf(local.stripe.products.create({ name: "Bad", ...fields }));
  expect([error.statusCode, error.param]).toEqual([400, param]);
});

test("the event of a deleted product shows it out of use", async () => {
  const product = await local.stripe.products.create({ name: "Gone" });
  await local.stripe.products.del(product.id);
  const events = await local.stripe.events.list({ type: "product.deleted", limit: 1 });
  expect(events.data[0]?.data.object).toMatchObject({ id: product.id, active: false });
});
