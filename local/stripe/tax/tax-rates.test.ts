import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

const VAT = {
  display_name: "VAT",
  percentage: 8.1,
  inclusive: false,
  country: "CH",
  tax_type: "vat",
} as const;

// https://docs.stripe.com/api/tax_rates
test("a rate is read back as it was made; how much it is never changes", async () => {
  const rate = await local.stripe.taxRates.create({ ...VAT, jurisdiction: "CH", metadata: { source: "us" } });
  expect(rate.id).toMatch(/^txr_\w{24}$/);
  expect(rate).toMatchObject({
    ...VAT,
    active: true,
    effective_percentage: null,
    flat_amount: null,
    jurisdiction_level: null,
    rate_type: null,
    state: null,
  });
  const updated = await local.stripe.taxRates.update(rate.id, { display_name: "MWST", active: false });
  expect(updated).toMatchObject({ display_name: "MWST", active: false, percentage: 8.1 });
  expect(await local.stripe.taxRates.retrieve(rate.id)).toEqual(updated);
  const body = new URLSearchParams({ percentage: "9" });
  const response = await local.raw(`/v1/tax_rates/${rate.id}`, { method: "POST", body });
  expect((await response.json()).error).toMatchObject({ code: "parameter_unknown", param: "percentage" });
  const events = await local.stripe.events.list({ type: "tax_rate.updated", limit: 1 });
  expect(events.data[0]?.data.previous_attributes).toEqual({ display_name: "VAT", active: true });
});

test.each([
  [{ percentage: -1 }, "percentage"],
  [{ percentage: 100.5 }, "percentage"],
  [{ percentage: 8.12345 }, "percentage"],
])("%o is refused", async (fields, param) => {
  const error = await refusalOf(local.stripe.taxRates.create({ ...VAT, ...fields }));
  expect([error.statusCode, error.param]).toEqual([400, param]);
});

test("lists are filtered by activity and by whether the tax is inside", async () => {
  const inside = await local.stripe.taxRates.create({ ...VAT, inclusive: true });
  const archived = await local.stripe.taxRates.create({ ...VAT, inclusive: true, active: false });
  const ids = async (params: object) => (await local.stripe.taxRates.list(params)).data.map(({ id }) => id);
  expect(await ids({ inclusive: true })).toEqual([archived.id, inside.id]);
  expect(await ids({ inclusive: true, active: true })).toEqual([inside.id]);
});

// https://docs.stripe.com/api/tax/settings
test("the tax settings are pending until the head office is known", async () => {
  expect(await local.stripe.tax.settings.retrieve()).toMatchObject({
    status: "pending",
    status_details: { pending: { missing_fields: ["head_office"] } },
    head_office: null,
  });
  const settings = await local.stripe.tax.settings.update({
    defaults: { tax_behavior: "inferred_by_currency", tax_code: "txcd_10103000" },
    head_office: { address: { country: "US", state: "NY", postal_code: "10001" } },
  });
  expect(settings).toMatchObject({
    status: "active",
    defaults: { tax_behavior: "inferred_by_currency", tax_code: "txcd_10103000" },
    head_office: { address: { country: "US", state: "NY", city: null } },
  });
  expect(await local.stripe.tax.settings.retrieve()).toEqual(settings);
});
