import { followDelivery } from "@/local/stripe/invoices/hold-draft";
import { findObject, readHidden, type Store } from "@/local/stripe/store/store";
import { claimDelivery, type Delivery, dueDeliveries, nextDeliveryAtMs, recordAttempt } from "./deliveries";
import { signPayload } from "./sign-payload";

const MAX_IN_FLIGHT = 8;

/** Seconds at first, then hours: about three days in all. https://docs.stripe.com/webhooks#retries */
export const DEFAULT_RETRY_DELAYS_MS = [
  1, 5, 15, 60, 300, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 86_400,
].map((seconds) => seconds * 1000);

/** Sends queued events to their endpoints, beside the API and never in its way. */
export type Deliverer = {
  /** Says that something may be due now. */
  kick(): void;
  /** Resolves once nothing is due and nothing is in flight; deliveries waiting for a retry do not count. */
  settled(): Promise<void>;
  /** Stops; whatever is not delivered stays in the store for the next start. */
  close(): Promise<void>;
};

export type DelivererOptions = {
  /** How long to wait before each further attempt. */
  retryDelaysMs: readonly number[];
  /** How long an endpoint may take to answer. */
  timeoutMs: number;
};

/** A deliverer over the store; several deliveries run at once, in no promised order, as at Stripe. */
export function createDeliverer(store: Store, options: DelivererOptions): Deliverer {
  const inFlight = new Set<Promise<void>>();
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  function kick(): void {
    if (stop.signal.aborted) return;
    clearTimeout(timer);
    const now = Date.now();
    for (const delivery of dueDeliveries(store, now, MAX_IN_FLIGHT - inFlight.size)) {
      claimDelivery(store, delivery.id, now + options.timeoutMs * 2);
      const attempt = deliver(store, delivery, options, stop.signal).finally(() => {
        inFlight.delete(attempt);
        kick();
      });
      inFlight.add(attempt);
    }
    const nextAt = nextDeliveryAtMs(store);
    if (nextAt !== null && inFlight.size < MAX_IN_FLIGHT) {
      timer = setTimeout(kick, Math.min(Math.max(nextAt - now, 1), 60_000));
      timer.unref();
    }
  }

  return {
    kick,
    async settled() {
      while (!stop.signal.aborted && (inFlight.size > 0 || dueDeliveries(store, Date.now(), 1).length > 0)) {
        kick();
        await Promise.race([...inFlight]);
      }
    },
    async close() {
      stop.abort();
      clearTimeout(timer);
      await Promise.allSettled([...inFlight]);
    },
  };
}

async function deliver(
  store: Store,
  delivery: Delivery,
  options: DelivererOptions,
  stopped: AbortSignal,
): Promise<void> {
  const endpoint = findObject(store, "webhook_endpoint", delivery.endpointId);
  const event = findObject(store, "event", delivery.eventId);
  const atMs = Date.now();
  if (!endpoint || !event) {
    const error = "The endpoint is gone.";
    recordAttempt(store, delivery, { atMs, durationMs: 0, responseStatus: null, error }, null);
    return;
  }
  const { secret } = readHidden(store, "webhook_endpoint", endpoint.id);
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(options.timeoutMs)]);
  const answer = await post(endpoint.url, JSON.stringify(event, null, 2), secret, signal);
  if (stopped.aborted) {
    // Not the endpoint's fault: the next start tries again at once.
    claimDelivery(store, delivery.id, Date.now());
    return;
  }
  const delay = options.retryDelaysMs[delivery.attempts];
  const retryAtMs = answer.error === null || delay === undefined ? null : Date.now() + delay;
  recordAttempt(store, delivery, { atMs, durationMs: Date.now() - atMs, ...answer }, retryAtMs);
  followDelivery(store, event, answer.error === null);
}

/** Anything but a 2xx is a failure, redirects included. */
async function post(
  url: string,
  payload: string,
  secret: string,
  signal: AbortSignal,
): Promise<{ responseStatus: number | null; error: string | null }> {
  try {
    const response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      signal,
      headers: {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signPayload(payload, secret, Date.now()),
        "User-Agent": "Stripe/1.0 (+https://docs.stripe.com/webhooks; local)",
      },
      body: payload,
    });
    await response.arrayBuffer();
    return { responseStatus: response.status, error: response.ok ? null : `Answered ${response.status}.` };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { responseStatus: null, error: cause instanceof Error ? cause.message : String(cause) };
  }
}
