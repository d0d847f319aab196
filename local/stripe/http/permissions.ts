import { type Caller, lacksPermission, secretKeyRequired } from "./authenticate";
import type { Operation } from "./operation";

/** Paths whose permission is not simply their own name in the singular. */
const RESOURCES: [path: string, resource: string][] = [
  ["/v1/account", "accounts"],
  ["/v1/balance_transactions", "balance_transaction"],
  ["/v1/balance", "balance"],
  ["/v1/billing/credit_balance", "credit_grant"],
  ["/v1/billing/credit_grants", "credit_grant"],
  ["/v1/billing/meter", "billing_meter"],
  ["/v1/billing_portal", "customer_portal"],
  ["/v1/checkout/sessions", "checkout_session"],
  ["/v1/invoiceitems", "invoice"],
  ["/v1/invoice_payments", "invoice"],
  ["/v1/prices", "plan"],
  ["/v1/radar/early_fraud_warnings", "radar"],
  ["/v1/refunds", "charge"],
  ["/v1/setup_attempts", "setup_intent"],
  ["/v1/subscription_items", "subscription"],
  ["/v1/subscription_schedules", "subscription"],
  ["/v1/tax/settings", "tax_settings"],
  ["/v1/test_helpers/test_clocks", "billing_clock"],
  ["/v1/webhook_endpoints", "webhook"],
];

/**
 * Checks that a caller may make a call. Reading needs `…_read`, everything else `…_write`, which allows reading too.
 * https://docs.stripe.com/keys/restricted-api-keys
 * @throws StripeApiError 403.
 */
export function checkPermission(caller: Caller, operation: Operation): void {
  if (caller.kind === "secret") return;
  if (caller.kind === "publishable") {
    if (operation.allowsPublishableKey) return;
    throw secretKeyRequired();
  }
  const resource = resourceOf(operation.path);
  const level = operation.method === "GET" ? "read" : "write";
  const sufficient = [`${resource}_${level}`, `${resource}_write`, `all_${level}`, "all_write"];
  if (caller.permissions.some((permission) => sufficient.includes(permission))) return;
  throw lacksPermission(caller.key, `${resource}_${level}`);
}

/** What a call is about, in the words of permissions: "customer", "payment_intent". */
export function resourceOf(path: string): string {
  const named = RESOURCES.find(([start]) => path.startsWith(start));
  if (named) return named[1];
  const [, , first = ""] = path.split("/");
  return first.replace(/s$/, "");
}
