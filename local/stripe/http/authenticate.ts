import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { StripeApiError } from "./stripe-api-error";

/**
 * Checks the key, as a bearer token or as the user name of basic authentication.
 * @throws StripeApiError 401 or 403, as https://docs.stripe.com/api/authentication describes.
 */
export function authenticate(header: string | undefined, allowsPublishableKey: boolean): void {
  const key = readKey(header);
  if (key === LOCAL_CREDENTIALS.stripeSecretKey) return;
  if (key === LOCAL_CREDENTIALS.stripePublishableKey) {
    if (allowsPublishableKey) return;
    throw new StripeApiError(403, {
      type: "invalid_request_error",
      code: "secret_key_required",
      message:
        "This API call cannot be made with a publishable API key. Please use a secret API key. " +
        `The local Stripe's secret key is ${LOCAL_CREDENTIALS.stripeSecretKey}.`,
    });
  }
  throw new StripeApiError(401, { type: "invalid_request_error", message: refusal(key) });
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
