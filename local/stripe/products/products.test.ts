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
