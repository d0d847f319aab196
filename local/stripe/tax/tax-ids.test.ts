import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

// https://docs.stripe.com/api/customer_tax_ids
test("a customer's tax ids are made, found, shown on the customer and deleted", async () => {
  const customer = await local.stripe.customers.create({
    tax_id_data: [{ type: "us_ein", value: "12-3456789" }],
  });
  const taxId = await local.stripe.customers.createTaxId(customer.id, {
    type: "ch_vat",
    value: "CHE-123.456.789 MWST",
  });
  expect(taxId).toMatchObject({
    country: "CH",
    customer: customer.id,
    owner: { type: "customer", customer: customer.id },
    value: "CHE-123.456.789 MWST",
    verification: { status: "unavailable" },
  });
  const expanded = await local.stripe.customers.retrieve(customer.id, { expand: ["tax_ids"] });
  expect(expanded).toMatchObject({ tax_ids: { data: [{ type: "ch_vat" }, { type: "us_ein" }] } });
  expect((await local.stripe.customers.listTaxIds(customer.id)).data).toHaveLength(2);
  expect(await local.stripe.taxIds.retrieve(taxId.id)).toEqual(taxId);
  const owner = { type: "customer", customer: customer.id } as const;
  expect((await local.stripe.taxIds.list({ owner })).data).toHaveLength(2);
  expect((await local.stripe.taxIds.list()).data).toEqual([]);
  const other = await local.stripe.customers.create({});
  expect((await refusalOf(local.stripe.customers.retrieveTaxId(other.id, taxId.id))).statusCode).toBe(404);
  const deleted = { id: taxId.id, object: "tax_id", deleted: true };
  expect(await local.stripe.customers.deleteTaxId(customer.id, taxId.id)).toEqual(deleted);
  const events = await local.stripe.events.list({
    types: ["customer.tax_id.created", "customer.tax_id.deleted", "customer.created"],
    limit: 5,
  });
  expect(events.data.map(({ type }) => type).reverse()).toEqual([
    "customer.created",
    "customer.tax_id.created",
    "customer.tax_id.created",
    "customer.created",
    "customer.tax_id.deleted",
  ]);
});

test("the account has tax ids of its own", async () => {
  const taxId = await local.stripe.taxIds.create({ type: "us_ein", value: "98-7654321" });
  expect(taxId).toMatchObject({ customer: null, owner: { type: "self" } });
  expect((await local.stripe.taxIds.list()).data.map(({ id }) => id)).toEqual([taxId.id]);
  await local.stripe.taxIds.del(taxId.id);
});

// https://docs.stripe.com/billing/customer/tax-ids#supported-tax-id
describe("formats", () => {
  test.each<[Stripe.TaxIdCreateParams.Type, string, string | null]>([
    ["eu_vat", "DE123456789", "DE"],
    ["eu_vat", "ATU12345678", "AT"],
    ["eu_vat", "EL123456789", "GR"],
    ["eu_vat", "NL123456789B12", "NL"],
    ["eu_vat", "FRAB123456789", "FR"],
    ["gb_vat", "GB123456789", "GB"],
    ["us_ein", "12-3456789", "US"],
    ["au_abn", "12345678912", "AU"],
    ["ch_uid", "CHE-123.456.789 HR", "CH"],
    ["no_vat", "123456789MVA", "NO"],
    ["ca_gst_hst", "123456789RT0002", "CA"],
    ["jp_trn", "T1234567891234", "JP"],
  ])("%s %s is one of %s", async (type, value, country) => {
    expect((await local.stripe.taxIds.create({ type, value })).country).toBe(country);
  });

  test.each<[Stripe.TaxIdCreateParams.Type, string]>([
    ["eu_vat", "DE1"],
    ["eu_vat", "US123456789"],
    ["gb_vat", "GB12345"],
    ["us_ein", "123"],
    ["au_abn", "1234567891"],
    ["ch_vat", "CHE-123.456.789"],
  ])("%s %s is invalid", async (type, value) => {
    const error = await refusalOf(local.stripe.taxIds.create({ type, value }));
    expect([error.statusCode, error.code, error.message]).toEqual([
      400,
      "tax_id_invalid",
      `Invalid value for ${type}.`,
    ]);
  });

  test("a kind that is not served is refused by name", async () => {
    const error = await refusalOf(local.stripe.taxIds.create({ type: "zw_tin", value: "1234567890" }));
    expect([error.code, error.message]).toEqual([
      "not_simulated",
      "Not simulated yet by the local Stripe: the tax id type 'zw_tin'.",
    ]);
  });
});

// https://docs.stripe.com/billing/customer/tax-ids#testing-customer-tax-id-verification
test.each([
  ["000000000", "verified"],
  ["111111111", "unverified"],
  ["222222222", "pending"],
])("%s is pending at first, and then %s", async (value, status) => {
  const customer = await local.stripe.customers.create({});
  const taxId = await local.stripe.customers.createTaxId(customer.id, { type: "eu_vat", value });
  expect(taxId.verification?.status).toBe("pending");
  await local.lab("POST", "/clock", { advance_ms: 10_000 });
  const checked = await local.stripe.customers.retrieveTaxId(customer.id, taxId.id);
  expect(checked.verification?.status).toBe(status);
  const events = await local.stripe.events.list({ type: "customer.tax_id.updated", limit: 1 });
  const told = events.data.filter((event) => "id" in event.data.object && event.data.object.id === taxId.id);
  expect(told).toHaveLength(status === "pending" ? 0 : 1);
});

// https://docs.stripe.com/tax/customer-locations
describe("where a customer is for tax", () => {
  test.each([
    [{ address: { country: "DE" } }, "supported", "DE", "billing_address"],
    [{ address: { country: "BR" } }, "not_collecting", "BR", "billing_address"],
    [{ address: { country: "US", postal_code: "98101" } }, "supported", "US", "billing_address"],
    [
      { address: { country: "BR" }, shipping: { name: "Ada", address: { country: "FR" } } },
      "supported",
      "FR",
      "shipping_destination",
    ],
  ])("%o is %s", async (fields, status, country, source) => {
    const customer = await local.stripe.customers.create({ ...fields, expand: ["tax"] });
    expect(customer.tax).toMatchObject({
      automatic_tax: status,
      location: { country, source },
      provider: "stripe",
    });
  });

  test("nowhere is not recognized, and refused where that matters", async () => {
    const customer = await local.stripe.customers.create({
      tax: { ip_address: "203.0.113.7" },
      expand: ["tax"],
    });
    expect(customer.tax).toEqual({
      automatic_tax: "unrecognized_location",
      ip_address: "203.0.113.7",
      location: null,
      provider: "stripe",
    });
    const error = await refusalOf(
      local.stripe.customers.create({
        address: { country: "US" },
        tax: { validate_location: "immediately" },
      }),
    );
    expect([error.statusCode, error.code]).toEqual([400, "customer_tax_location_invalid"]);
    const update = { tax: { validate_location: "immediately" as const } };
    expect((await refusalOf(local.stripe.customers.update(customer.id, update))).code).toBe(error.code);
    const located = { ...update, address: { country: "GB" } };
    expect((await local.stripe.customers.update(customer.id, located)).address?.country).toBe("GB");
  });
});

// https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-singular-coupon-promotion-code
test("no call gives a customer a discount, so there is none to take away", async () => {
  const customer = await local.stripe.customers.create({});
  const error = await refusalOf(local.stripe.customers.deleteDiscount(customer.id));
  expect([error.statusCode, error.message]).toEqual([404, `No active discount for customer: ${customer.id}`]);
});
