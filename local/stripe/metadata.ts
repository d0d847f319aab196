import type { MetadataChange } from "./http/params";
import { invalidRequest } from "./http/stripe-api-error";

/** https://docs.stripe.com/metadata */
const MAX_KEYS = 50;

/**
 * Applies a change as Stripe does: keys merge, an empty value removes one, null (sent as an empty string) removes all.
 * @throws StripeApiError 400 when more than fifty keys are left.
 */
export function mergeMetadata(
  current: Record<string, string>,
  change: MetadataChange | undefined,
): Record<string, string> {
  if (change === undefined) return current;
  if (change === null) return {};
  const merged = { ...current };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete merged[key];
    else merged[key] = value;
  }
  if (Object.keys(merged).length > MAX_KEYS) {
    throw invalidRequest(`Metadata can have up to ${MAX_KEYS} keys.`, { param: "metadata" });
  }
  return merged;
}
