import { openClock } from "@/local/stripe/clock";
import { followDelivery } from "@/local/stripe/invoices/hold-draft";
import { findObject, readHidden, type Store } from "@/local/stripe/store/store";
import { claimDelivery, type Delivery, dueDeliveries, nextDeliveryAtMs, recordAttempt } from "./deliveries";
import { takeRule } from "./delivery-rules";
import { type PostAnswer, postEvent } from "./post-event";

const MAX_IN_FLIGHT = 8;
/** A leap of the clock waits so long for the endpoints; what is left then goes on beside the API. */
const LONGEST_LEAP_MS = 30_000;

const LOST_ANSWER: PostAnswer = {
  responseStatus: null,
  error: "The answer was lost: the lab was told so.",
  isUnreachable: false,
};

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
  /**
   * Delivers what a leap of the clock made due, one after the other in order of time, retries included. Resolves when nothing
   * is due any more, or after half a minute.
   */
  catchUp(): Promise<void>;
  /** Stops; whatever is not delivered stays in the store for the next start. */
  close(): Promise<void>;
};

export type DelivererOptions = {
  /** How long to wait before each further attempt. */
  retryDelaysMs: readonly number[];
  /** How long an endpoint may take to answer. */
  timeoutMs: number;
};

/**
 * A deliverer over the store. Attempts are planned in business time, which runs with the wall clock until the lab moves it.
 * Left alone, several deliveries run at once, in no promised order, as at Stripe. A leap delivers in order of time, and
 * an endpoint that answers badly gets every retry that fell due on the way, so that one leap does what many steps do.
 * One that cannot be reached at all is taken for an app that is not up yet: what it missed waits and is tried again when
 * the leap is over, as if it had been made then.
 */
export function createDeliverer(store: Store, options: DelivererOptions): Deliverer {
  const inFlight = new Map<number, Promise<PostAnswer | null>>();
  const stop = new AbortController();
  const clock = openClock(store);
  let timer: NodeJS.Timeout | undefined;
  let leap: Promise<void> | null = null;

  function kick(): void {
    if (stop.signal.aborted || leap !== null) return;
    clearTimeout(timer);
    const now = clock.nowMs();
    for (const delivery of dueDeliveries(store, now, MAX_IN_FLIGHT)) {
      if (inFlight.size >= MAX_IN_FLIGHT) break;
      if (!inFlight.has(delivery.id)) start(delivery, null).finally(kick);
    }
    const nextAt = nextDeliveryAtMs(store);
    if (nextAt !== null && inFlight.size < MAX_IN_FLIGHT) {
      timer = setTimeout(kick, Math.min(Math.max(nextAt - now, 1), 60_000));
      timer.unref();
    }
  }

  /** @param plannedAtMs what the next attempt is counted from; null is the end of this one. */
  function start(delivery: Delivery, plannedAtMs: number | null): Promise<PostAnswer | null> {
    claimDelivery(store, delivery.id, clock.nowMs() + options.timeoutMs * 2);
    const attempt = deliver(store, delivery, options, stop.signal, plannedAtMs).finally(() => {
      inFlight.delete(delivery.id);
    });
    inFlight.set(delivery.id, attempt);
    return attempt;
  }

  async function deliverInOrder(): Promise<void> {
    await Promise.all(inFlight.values());
    const end = Date.now() + LONGEST_LEAP_MS;
    const unreachable = new Set<string>();
    while (!stop.signal.aborted && Date.now() < end) {
      const delivery = dueDeliveries(store, clock.nowMs(), 1, unreachable)[0];
      if (!delivery) return;
      const answer = await start(delivery, delivery.nextAttemptAtMs);
      if (answer?.isUnreachable) unreachable.add(delivery.endpointId);
    }
  }

  return {
    kick,
    async settled() {
      while (!stop.signal.aborted) {
        if (leap !== null) await leap;
        kick();
        if (inFlight.size === 0) return;
        await Promise.race(inFlight.values());
      }
    },
    async catchUp() {
      while (leap !== null) await leap;
      leap = deliverInOrder().finally(() => {
        leap = null;
        kick();
      });
      await leap;
    },
    async close() {
      stop.abort();
      clearTimeout(timer);
      await Promise.allSettled([...inFlight.values(), leap]);
    },
  };
}

/** One attempt. @returns how it was answered, or null when there was nobody to ask. */
async function deliver(
  store: Store,
  delivery: Delivery,
  options: DelivererOptions,
  stopped: AbortSignal,
  plannedAtMs: number | null,
): Promise<PostAnswer | null> {
  const endpoint = findObject(store, "webhook_endpoint", delivery.endpointId);
  const event = findObject(store, "event", delivery.eventId);
  const atMs = Date.now();
  // https://docs.stripe.com/webhooks#retries: one that is disabled or gone when its turn comes is given up.
  if (!endpoint || !event || endpoint.status !== "enabled") {
    const error = endpoint && event ? "The endpoint is disabled." : "The endpoint is gone.";
    recordAttempt(store, delivery, { atMs, durationMs: 0, responseStatus: null, error }, null);
    if (event) followDelivery(store, event, false);
    return null;
  }
  const rule = takeRule(store, event.type, endpoint.id, ["never", "lose_answer"]);
  if (rule?.action === "never") {
    const error = "Not sent: the lab was told so.";
    recordAttempt(store, delivery, { atMs, durationMs: 0, responseStatus: null, error }, null);
    followDelivery(store, event, false);
    return null;
  }
  const { secret } = readHidden(store, "webhook_endpoint", endpoint.id);
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(options.timeoutMs)]);
  const given = await postEvent(endpoint.url, JSON.stringify(event, null, 2), secret, signal);
  const answer = rule === null ? given : LOST_ANSWER;
  const now = openClock(store).nowMs();
  if (stopped.aborted) {
    // Not the endpoint's fault: the next start tries again at once.
    claimDelivery(store, delivery.id, now);
    return null;
  }
  const delay = options.retryDelaysMs[delivery.attempts];
  // An app that was not up when a leap began is given its time from where the leap ended.
  const from = plannedAtMs === null || answer.isUnreachable ? now : plannedAtMs;
  const retryAtMs = answer.error === null || delay === undefined ? null : from + delay;
  const { responseStatus, error } = answer;
  recordAttempt(store, delivery, { atMs, durationMs: Date.now() - atMs, responseStatus, error }, retryAtMs);
  followDelivery(store, event, error === null);
  return answer;
}
