import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { type Clock, saveClockOffset } from "@/local/stripe/clock";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { queryRows, type Store } from "@/local/stripe/store/store";
import { bringForward } from "@/local/stripe/webhook-endpoints/deliveries";
import { runDueWork } from "./run-due-work";

const FOLLOWER_TIMEOUT_MS = 10_000;

export type FollowerAnswer = { url: string; status: number | null; error: string | null };

/** Where to: so many milliseconds further, to a unix second, or to the wall clock's time. */
export type ClockMove = { advanceMs: number } | { to: number | "present" };

/**
 * Moves business time forward, doing what falls due on the way.
 * @throws StripeApiError 400 for a move back.
 */
export function moveClock(store: Store, clock: Clock, baseUrl: string, move: ClockMove): void {
  const offsetMs = clock.offsetMs();
  const target = targetOffset(offsetMs, move);
  if (target < offsetMs) {
    throw invalidRequest("The clock only moves forward. POST /lab/reset starts afresh at the present.", {
      param: "to",
    });
  }
  saveClockOffset(store, target);
  runDueWork(store, baseUrl, clock.now());
}

/**
 * Begins time at a moment, past or future, so that a history can be lived through.
 * @throws StripeApiError 400 once anything exists that has a life: what has happened cannot happen again earlier.
 */
export function startClockAt(store: Store, startAt: number): void {
  const sql = `select type from objects
    where type not in ('event', 'price', 'product', 'webhook_endpoint') order by seq limit 1`;
  const [first] = queryRows<{ type: string }>(store, sql);
  if (first) {
    throw invalidRequest(
      `The clock starts where it is told only while there is nothing but products and prices, and there is a ${first.type}. ` +
        "POST /lab/reset forgets everything.",
      { param: "start_at" },
    );
  }
  saveClockOffset(store, startAt * 1000 - Date.now());
  bringForward(store, startAt * 1000);
}

/** Tells every follower how far business time runs ahead, and waits until all have answered. */
export async function tellFollowers(urls: readonly string[], offsetMs: number): Promise<FollowerAnswer[]> {
  return Promise.all(urls.map((url) => tellFollower(url, offsetMs)));
}

function targetOffset(offsetMs: number, move: ClockMove): number {
  if ("advanceMs" in move) return offsetMs + move.advanceMs;
  if (move.to === "present") return 0;
  const wallMs = Date.now();
  // The second that is running now counts as the present.
  const isThisSecond = move.to === Math.floor((wallMs + offsetMs) / 1000);
  return isThisSecond ? offsetMs : move.to * 1000 - wallMs;
}

async function tellFollower(url: string, offsetMs: number): Promise<FollowerAnswer> {
  try {
    const response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      signal: AbortSignal.timeout(FOLLOWER_TIMEOUT_MS),
      headers: {
        Authorization: `Bearer ${LOCAL_CREDENTIALS.stripeSecretKey}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ offset_ms: offsetMs }),
    });
    await response.arrayBuffer();
    return { url, status: response.status, error: response.ok ? null : `Answered ${response.status}.` };
  } catch (error) {
    return { url, status: null, error: error instanceof Error ? error.message : String(error) };
  }
}
