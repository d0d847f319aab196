import type Stripe from "stripe";
import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { type Clock, saveClockOffset } from "@/local/stripe/clock";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { listAllObjects } from "@/local/stripe/store/list-objects";
import type { Store } from "@/local/stripe/store/store";
import { currentPeriodEnd } from "@/local/stripe/subscriptions/build-subscription";
import { hasEnded } from "@/local/stripe/subscriptions/list-live-subscriptions";
import { runDueWork } from "./run-due-work";

const FOLLOWER_TIMEOUT_MS = 10_000;

export type FollowerAnswer = { url: string; status: number | null; error: string | null };

/** Where to: so many milliseconds further, or to a unix second. */
export type ClockMove = { advanceMs: number } | { to: number };

/**
 * Moves business time forward, doing what falls due on the way.
 * @throws StripeApiError 400 for a move back, or past a renewal, which is not simulated yet.
 */
export function moveClock(store: Store, clock: Clock, baseUrl: string, move: ClockMove): void {
  const nowMs = Date.now() + clock.offsetMs();
  // The second that is running now counts as the present.
  if ("to" in move && move.to < Math.floor(nowMs / 1000)) {
    throw invalidRequest("The clock only moves forward. POST /lab/reset starts afresh at the present.", {
      param: "to",
    });
  }
  const advanceMs = "to" in move ? Math.max(0, move.to * 1000 - nowMs) : move.advanceMs;
  refuseUnsimulatedRenewal(store, clock.now(), Math.floor((nowMs + advanceMs) / 1000));
  saveClockOffset(store, clock.offsetMs() + advanceMs);
  runDueWork(store, baseUrl, clock.now());
}

/** Tells every follower how far business time runs ahead, and waits until all have answered. */
export async function tellFollowers(urls: readonly string[], offsetMs: number): Promise<FollowerAnswer[]> {
  return Promise.all(urls.map((url) => tellFollower(url, offsetMs)));
}

/** A subscription whose end is announced for that moment or before has no renewal to miss. */
function refuseUnsimulatedRenewal(store: Store, now: number, to: number): void {
  for (const subscription of listAllObjects(store, "subscription", [])) {
    if (hasEnded(subscription)) continue;
    const boundary = nextUnsimulated(subscription);
    const endsBefore = subscription.cancel_at !== null && subscription.cancel_at <= boundary;
    // One that passed while nothing moved the clock, on the wall, must not hold it for ever.
    const isBehind = boundary <= now;
    if (to < boundary || endsBefore || isBehind) continue;
    throw invalidRequest(
      "Renewals and expired first payments are not simulated yet by the local Stripe: the clock cannot reach " +
        `${new Date(boundary * 1000).toISOString()} (${boundary}), when the ${subscription.status} ${subscription.id} is due.`,
      { code: "not_simulated" },
    );
  }
}

/** An unpaid first invoice is given up after 23 hours. https://docs.stripe.com/billing/subscriptions/overview */
function nextUnsimulated(subscription: Stripe.Subscription): number {
  if (subscription.status === "incomplete") return subscription.created + 23 * 60 * 60;
  return currentPeriodEnd(subscription);
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
