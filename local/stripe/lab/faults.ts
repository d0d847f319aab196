import { setTimeout as sleep } from "node:timers/promises";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";

/** Makes the next calls of a kind fail, be slow, or lose their answer. Kept in memory only. */
export type Fault = {
  id: string;
  /** "POST /v1/checkout/sessions", with ids as `:id` or as they are; null means every call. */
  route: string | null;
  /** Answer this instead of doing the work; null does the work. */
  status: 429 | 500 | null;
  delayMs: number;
  /** Keep the failure as the answer under the idempotency key, as of one that came after the work had begun. */
  keeps: boolean;
  /** Do the work, then close the connection without an answer. */
  dropsAfter: boolean;
  /** Never answer, and do nothing: the client gives up first. */
  timesOut: boolean;
  remaining: number;
};

export type Faults = Fault[];

/** Longer than the eighty seconds the SDK waits. */
const HANGS_FOR_MS = 90_000;

/** What a fault makes of a call once it has waited as it says. */
type FaultEffect = {
  error: StripeApiError | null;
  isKept: boolean;
  dropsConnection: boolean;
  hangs: boolean;
};

/** Uses up one matching fault, if any: waits as it says and tells what else it does. */
export async function applyFault(
  faults: Faults,
  method: string,
  pattern: string,
  path: string,
): Promise<FaultEffect | null> {
  const routes = [`${method} ${pattern}`, `${method} ${path}`];
  const fault = faults.find(
    ({ route, remaining }) => remaining > 0 && (route === null || routes.includes(route)),
  );
  if (!fault) return null;
  fault.remaining -= 1;
  if (fault.remaining === 0) faults.splice(faults.indexOf(fault), 1);
  if (fault.delayMs > 0) await sleep(fault.delayMs);
  // A server that is stopped does not wait for it.
  if (fault.timesOut) await sleep(HANGS_FOR_MS, undefined, { ref: false });
  return {
    error: errorOf(fault.status),
    isKept: fault.keeps,
    dropsConnection: fault.dropsAfter,
    hangs: fault.timesOut,
  };
}

/** https://docs.stripe.com/rate-limits and https://docs.stripe.com/error-low-level */
function errorOf(status: Fault["status"]): StripeApiError | null {
  if (status === 429) {
    return new StripeApiError(429, {
      type: "invalid_request_error",
      code: "rate_limit",
      message:
        "Request rate limit exceeded. You can learn more about rate limits here https://docs.stripe.com/rate-limits.",
    });
  }
  if (status === 500) {
    return new StripeApiError(500, {
      type: "api_error",
      message: "An unknown error occurred (a fault set in the lab).",
    });
  }
  return null;
}
