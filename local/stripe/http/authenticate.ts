import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { StripeApiError } from "./stripe-api-error";

/** Who calls, by the key: everything is allowed, what its permissions say, or what Stripe.js needs. */
export type Caller =
  | { kind: "secret" }
  | { kind: "restricted"; key: string; permissions: readonly string[] }
  | { kind: "publishable" };

/** Keys that may do only some things, with what they may do. */
export type RestrictedKeys = ReadonlyMap<string, readonly string[]>;

/**
 * Reads the key, as a bearer token or as the user name of basic authentication.
 * @throws StripeApiError 401, as https://docs.stripe.com/api/authentication describes.
 */
export function authenticate(header: string | undefined, restrictedKeys: RestrictedKeys): Caller {
  const key = readKey(header);
  if (key === LOCAL_CREDENTIALS.stripeSecretKey) return { kind: "secret" };
  if (key === LOCAL_CREDENTIALS.stripePublishableKey) return { kind: "publishable" };
  const permissions = key === null ? undefined : restrictedKeys.get(key);
  if (key !== null && permissions) return { kind: "restricted", key, permissions };
  throw new StripeApiError(401, { type: "invalid_request_error", message: refusal(key) });
}

/**
 * Lets only the secret key through.
 * @throws StripeApiError 401 for no key or an unknown one, 403 for one that may not do this.
 */
export function requireSecretKey(header: string | undefined, restrictedKeys: RestrictedKeys): void {
  const caller = authenticate(header, restrictedKeys);
  if (caller.kind === "secret") return;
  throw caller.kind === "publishable" ? secretKeyRequired() : lacksPermission(caller.key, "lab_write");
}

/** What a publishable key is told that may not make a call. */
export function secretKeyRequired(): StripeApiError {
  return new StripeApiError(403, {
    type: "invalid_request_error",
    code: "secret_key_required",
    message:
      "This API call cannot be made with a publishable API key. Please use a secret API key. " +
      `The local Stripe's secret key is ${LOCAL_CREDENTIALS.stripeSecretKey}.`,
  });
}

/** What a restricted key is told that may not make a call. https://docs.stripe.com/keys/restricted-api-keys */
export function lacksPermission(key: string, permission: string): StripeApiError {
  return new StripeApiError(403, {
    type: "invalid_request_error",
    message:
      `The provided key '${mask(key)}' does not have the required permissions for this endpoint on account ` +
      `'acct_local_tollkeeper'. Having the 'rak_${permission}' permission would allow this request to continue.`,
  });
}

/** The key of an Authorization header, or null. */
function readKey(header: string | undefined): string | null {
  const [scheme, credentials] = header?.trim().split(/\s+/) ?? [];
  if (!scheme || !credentials) return null;
  if (scheme.toLowerCase() === "bearer") return credentials;
  if (scheme.toLowerCase() !== "basic") return null;
  return Buffer.from(credentials, "base64").toString("utf8").split(":")[0] ?? null;
}

function refusal(key: string | null): string {
  if (key !== null && /^[spr]k_live_/.test(key)) {
    return (
      `A live mode key was sent to the local Stripe, which has test mode only: ${mask(key)}. Nothing was done with it. ` +
      `Use ${LOCAL_CREDENTIALS.stripeSecretKey} here, and keep live keys away from development.`
    );
  }
  if (key !== null && key !== "") return `Invalid API Key provided: ${mask(key)}`;
  return (
    "You did not provide an API key. You need to provide your API key in the Authorization header, using " +
    "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://docs.stripe.com/api#authentication " +
    "for details, or we can help at https://support.stripe.com/."
  );
}

function mask(key: string): string {
  return key.length <= 12
    ? "*".repeat(key.length)
    : `${key.slice(0, 8)}${"*".repeat(key.length - 12)}${key.slice(-4)}`;
}
