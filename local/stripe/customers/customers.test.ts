import { afterAll, beforeAll, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

test("a customer is read back as it was made and changed", async () => {
  const customer = await local.stripe.customers.create({
    email: "ada@example.test",
    name: "Ada",
    address: { line1: "1 Analytical Way", country: "GB" },
    metadata: { account: "42" },
  });
  expect(customer.id).toMatch(/^cus_\w{14}$/);
  expect(customer).toMatchObject({
    balance: 0,
    currency: null,
    delinquent: false,
    invoice_settings: { default_payment_method: null },
    address: { line1: "1 Analytical Way", country: "GB", city: null },
  });
  const updated = await local.stripe.customers.update(customer.id, { name: "", phone: "555" });
  expect(updated).toMatchObject({
    name: null,
    phone: "555",
    email: "ada@example.test",
    metadata: { account: "42" },
  });
  expect(await local.stripe.customers.retrieve(customer.id)).toEqual(updated);
});

test("something that cannot be an e-mail address is refused", async () => {
  const error = await refusalOf(local.stripe.customers.create({ email: "nobody" }));
  expect([error.statusCode, error.code, error.param]).toEqual([400, "email_invalid", "email"]);
});

test("the default payment method must be the customer's own", async () => {
  const ada = await createPayingCustomer(local.stripe);
  const bob = await local.stripe.customers.create({});
  const method = String(ada.invoice_settings.default_payment_method);
  expect(method).toMatch(/^pm_/);
  const error = await refusalOf(
    local.stripe.customers.update(bob.id, { invoice_settings: { default_payment_method: method } }),
  );
  expect([error.statusCode, error.param]).toEqual([400, "invoice_settings[default_payment_method]"]);
});

test("a customer can be made with a card that becomes the default", async () => {
  const method = await local.stripe.paymentMethods.create({ type: "card", card: { token: "tok_visa" } });
  const customer = await local.stripe.customers.create({
    payment_method: method.id,
    invoice_settings: { default_payment_method: method.id },
  });
  expect(customer.invoice_settings.default_payment_method).toBe(method.id);
  expect((await local.stripe.paymentMethods.retrieve(method.id)).customer).toBe(customer.id);
});

test("a deleted customer is a stub, leaves the lists, and its subscriptions end", async () => {
  const customer = await createPayingCustomer(local.stripe);
  const price = await createPlan(local.stripe);
  const subscription = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  });
  const stub = { id: customer.id, object: "customer", deleted: true };
  expect(await local.stripe.customers.del(customer.id)).toEqual(stub);
  expect(await local.stripe.customers.retrieve(customer.id)).toEqual(stub);
  const ended = await local.stripe.subscriptions.retrieve(subscription.id, { expand: ["customer"] });
  expect(ended.status).toBe("canceled");
  expect(ended.customer).toEqual(stub);
  const listed = await local.stripe.customers.list({ limit: 100 });
  expect(listed.data.map(({ id }) => id)).not.toContain(customer.id);
  expect((await refusalOf(local.stripe.customers.update(customer.id, { name: "x" }))).statusCode).toBe(404);
});
