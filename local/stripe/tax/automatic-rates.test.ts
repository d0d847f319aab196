import { expect, test } from "vitest";
import { createCustomer } from "@/local/stripe/customers/create-customer";
import { openContext } from "@/local/stripe/testing/open-context";
import { automaticExemption, automaticRates } from "./automatic-rates";
import { createTaxId } from "./tax-ids";

// https://docs.stripe.com/tax/calculating
test.each([
  [{ country: "DE" }, 19, "vat"],
  [{ country: "fi" }, 25.5, "vat"],
  [{ country: "HU" }, 27, "vat"],
  [{ country: "GB" }, 20, "vat"],
  [{ country: "CH" }, 8.1, "vat"],
  [{ country: "NO" }, 25, "vat"],
  [{ country: "AU" }, 10, "gst"],
  [{ country: "JP" }, 10, "jct"],
  [{ country: "CA", state: "ON" }, 13, "hst"],
  [{ country: "CA", postal_code: "M5V 2T6" }, 13, "hst"],
  [{ country: "US", state: "NY" }, 4, "sales_tax"],
  [{ country: "US", postal_code: "94103" }, 7.25, "sales_tax"],
])("%o is taxed at %s %%", (address, percentage, taxType) => {
  const context = openContext(0);
  expect(automaticRates(context, address, "none")).toMatchObject([
    { percentage, effective_percentage: percentage, tax_type: taxType, rate_type: "percentage" },
  ]);
});

test.each([
  [null],
  [{}],
  [{ country: "BR" }],
  [{ country: "US" }],
  [{ country: "US", state: "OR" }],
  [{ country: "CA", state: "AB" }],
])("%o is not taxed", (address) => {
  expect(automaticRates(openContext(0), address, "none")).toEqual([]);
});

test("a place has one rate object, kept among the account's rates", () => {
  const context = openContext(0);
  const [first] = automaticRates(context, { country: "DE" }, "none");
  expect(automaticRates(context, { country: "DE" }, "none")[0]?.id).toBe(first?.id);
  expect(automaticRates(context, { country: "AT" }, "none")[0]?.id).not.toBe(first?.id);
});

// https://docs.stripe.com/tax/zero-tax
test.each(["exempt", "reverse"])("%s means a rate of zero", (taxExempt) => {
  const [rate] = automaticRates(openContext(0), { country: "DE" }, taxExempt);
  expect(rate).toMatchObject({ percentage: 0, country: "DE" });
});

test("a business in the EU or Great Britain that gives its VAT number owes the tax itself", () => {
  const context = openContext(0);
  const customer = createCustomer(context, { address: { country: "DE" } });
  expect(automaticExemption(context, customer, { country: "DE" })).toBe("none");
  createTaxId(context, customer.id, { type: "eu_vat", value: "DE123456789" });
  expect(automaticExemption(context, customer, { country: "DE" })).toBe("reverse");
  expect(automaticExemption(context, customer, { country: "GB" })).toBe("none");
  expect(automaticExemption(context, customer, { country: "NO" })).toBe("none");
  expect(automaticExemption(context, { ...customer, tax_exempt: "exempt" }, { country: "DE" })).toBe(
    "exempt",
  );
});
