/**
 * What an API key may do. A customer's key reads and writes that customer's billing and usage; only a platform key
 * may also keep customers and change what is sold.
 */
export const CUSTOMER_SCOPES = ["billing:read", "billing:write", "usage:read", "usage:write"] as const;
export const PLATFORM_SCOPES = [
  ...CUSTOMER_SCOPES,
  "customers:read",
  "customers:write",
  "catalogue:write",
] as const;

export type CustomerScope = (typeof CUSTOMER_SCOPES)[number];
export type ApiScope = (typeof PLATFORM_SCOPES)[number];

/** What a scope allows, in the words of the page that grants it. */
export const SCOPE_WORDS: Record<ApiScope, string> = {
  "billing:read": "Read plans, subscription, invoices and credits",
  "billing:write": "Start checkouts and change the subscription",
  "usage:read": "Read usage and limits",
  "usage:write": "Record usage",
  "customers:read": "Read every customer",
  "customers:write": "Create and update customers",
  "catalogue:write": "Create and change plans",
};

/** The scopes among what was stored; a name that means nothing any more grants nothing. */
export function readScopes(stored: readonly string[]): ApiScope[] {
  return PLATFORM_SCOPES.filter((scope) => stored.includes(scope));
}
