import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { fieldsOf } from "@/local/stripe/schemas/schemas";

/** The families of events that tell of objects that are served. */
const SERVED = [
  "balance",
  "billing.credit_balance_transaction",
  "billing.credit_grant",
  "billing.meter",
  "charge",
  "checkout.session",
  "coupon",
  "credit_note",
  "customer",
  "invoice",
  "invoice_payment",
  "invoiceitem",
  "mandate",
  "payment_intent",
  "payment_method",
  "price",
  "product",
  "promotion_code",
  "radar.early_fraud_warning",
  "refund",
  "setup_intent",
  "subscription_schedule",
  "tax_rate",
  "tax.settings",
  "test_helpers.test_clock",
];

/** What nobody tells of, and why. https://docs.stripe.com/api/events/types */
const LEFT_OUT: Record<string, string> = {
  "balance.available": "the balance is only looked at; nothing is paid out",
  "customer.discount.updated": "no call gives a customer a discount since basil",
  "customer.source.created": "sources are the past of payment methods",
  "customer.source.deleted": "sources are the past of payment methods",
  "customer.source.expiring": "sources are the past of payment methods",
  "customer.source.updated": "sources are the past of payment methods",
  "invoice.finalization_failed": "finalizing only fails where a tax location is missing, which is not told",
  "invoice.overdue": "told by automations, which are set up in the dashboard",
  "invoice.overpaid": "an invoice takes one payment over what it is for",
  "invoice.payment_attempt_required": "no invoice is left to be paid by the merchant's own means",
  "invoice.will_be_due": "told by automations, which are set up in the dashboard",
  "payment_intent.partially_funded": "there are no cash balances",
  "payment_method.automatically_updated": "card networks do not renew test cards",
  "price.deleted": "the API cannot delete prices",
};

// https://docs.stripe.com/api/events/types
test("every event Stripe has for the objects that are served is told by somebody, or left out for a reason", () => {
  const code = sourceCode(fileURLToPath(new URL("..", import.meta.url)));
  const untold = eventTypes().filter((type) => isServed(type) && !code.includes(`"${type}"`));
  // An empty list would only mean that the types were not found.
  expect(eventTypes().length).toBeGreaterThan(200);
  expect(untold.toSorted()).toEqual(Object.keys(LEFT_OUT).toSorted());
});

function isServed(type: string): boolean {
  if (type.startsWith("customer.tax_id") || type.startsWith("customer.subscription")) return true;
  return SERVED.some((family) => type.startsWith(`${family}.`));
}

/** Endpoints list every type there is. */
function eventTypes(): string[] {
  const { node } = fieldsOf("WebhookEndpointCreateParams").get("enabled_events") ?? {};
  return (JSON.stringify(node).match(/"[a-z_0-9]+(\.[a-z_0-9]+)+"/g) ?? []).map((text) => text.slice(1, -1));
}

/** All that runs, tests and what only tests use left out. */
function sourceCode(folder: string): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(({ name, parentPath }) => name.endsWith(".ts") && !/\.test\.ts$/.test(name) && isRun(parentPath))
    .map(({ name, parentPath }) => readFileSync(join(parentPath, name), "utf8"))
    .join("\n");
}

function isRun(path: string): boolean {
  return !/[/\\](testing|properties)([/\\]|$)/.test(path);
}
