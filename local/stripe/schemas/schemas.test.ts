import Stripe from "stripe";
import { expect, test } from "vitest";
import { decodeForm } from "@/local/stripe/http/decode-form";
import { OPERATIONS } from "@/local/stripe/operations";
import { checkParams } from "./check-params";
import { findMisfits, findMisfitsOfResource } from "./find-misfits";
import { isExpandable } from "./is-expandable";
import { schemaOfCall, stripeSchemas } from "./schemas";

test("the schemas are those of the installed SDK: npx tsx scripts/generate-stripe-schemas.ts makes them anew", () => {
  expect(stripeSchemas().sdkVersion).toBe(Stripe.PACKAGE_VERSION);
});

test("every operation is a call of the SDK", () => {
  for (const { method, path } of OPERATIONS)
    expect(schemaOfCall(method, path), `${method} ${path}`).toBeTruthy();
});

// https://docs.stripe.com/error-codes#parameter-unknown
test.each([
  ["a parameter nobody knows", "frobnicate=1", "parameter_unknown", "frobnicate"],
  ["one deep inside", "items[0][price]=p&items[1][colour]=red", "parameter_unknown", "items[1][colour]"],
  [
    "one that must be there",
    "items[0][discounts][0][coupon]=c&add_invoice_items[0][period][end][timestamp]=1",
    "parameter_missing",
    "add_invoice_items[0][period][end][type]",
  ],
  ["a value that is not listed", "payment_behavior=hope", undefined, "payment_behavior"],
  ["a hash where an array belongs", "items[price]=p", undefined, "items"],
])("%s is refused and named", (_what, query, code, param) => {
  const check = () => checkParams("SubscriptionCreateParams", decodeForm(query));
  expect(check).toThrow(expect.objectContaining({ status: 400, body: expect.objectContaining({ param }) }));
  if (code) expect(check).toThrow(expect.objectContaining({ body: expect.objectContaining({ code }) }));
});

test("one of several types is enough, and an empty string may unset anything", () => {
  const params = "cancel_at=min_period_end&metadata[any]=thing&default_tax_rates=&description=";
  expect(() => checkParams("SubscriptionCreateParams", decodeForm(params))).not.toThrow();
});

test("what is missing, unknown or of another kind is told with its place", () => {
  const period = { object: "balance_transaction", amount: "12", colour: "red" };
  expect(findMisfitsOfResource(period)).toEqual(
    expect.arrayContaining([
      'balance_transaction.amount is "12", not number.',
      "balance_transaction.colour is not a field of BalanceTransaction.",
      "balance_transaction.fee is missing from BalanceTransaction.",
    ]),
  );
  expect(findMisfits({ page: "string" }, { object: "list", data: [1], has_more: false, url: "/" })).toEqual([
    ".data[0] is 1, not string.",
  ]);
});

// https://docs.stripe.com/expand
test("fields that hold an id or an object may be expanded, alone, nested and in lists", () => {
  expect(isExpandable("subscription", ["customer"])).toBe(true);
  expect(isExpandable("invoice", ["parent", "subscription_details", "subscription"])).toBe(true);
  expect(isExpandable("subscription", ["discounts"])).toBe(true);
  expect(isExpandable("subscription", ["description"])).toBe(false);
  expect(isExpandable("subscription", ["items"])).toBe(false);
  expect(isExpandable("nothing", ["customer"])).toBe(false);
});
