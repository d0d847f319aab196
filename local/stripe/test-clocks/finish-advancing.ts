import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { fieldEquals, listAllObjects } from "@/local/stripe/store/list-objects";
import { inTransaction, saveObject } from "@/local/stripe/store/store";

/**
 * Does what the clocks that were told to advance have before them, each up to its new time; then they are ready. A server
 * that stopped in between goes on where it was.
 * @param runUntil does everything that a clock has planned up to a time.
 */
export function finishAdvancing(
  context: Context,
  runUntil: (testClock: string, until: number) => void,
): void {
  const advancing = listAllObjects(context.store, "test_helpers.test_clock", [
    fieldEquals("$.status", "advancing"),
  ]);
  for (const testClock of advancing.reverse()) {
    const target = testClock.status_details.advancing?.target_frozen_time ?? testClock.frozen_time;
    try {
      runUntil(testClock.id, target);
      arrive(context, { ...testClock, frozen_time: target, status: "ready" });
    } catch (error) {
      console.error(`The local Stripe could not advance ${testClock.id}:`, error);
      arrive(context, { ...testClock, status: "internal_failure" });
    }
  }
}

function arrive(context: Context, advanced: Stripe.TestHelpers.TestClock): void {
  const testClock: Stripe.TestHelpers.TestClock = { ...advanced, status_details: {} };
  inTransaction(context.store, () => {
    saveObject(context.store, "test_helpers.test_clock", testClock);
    const isReady = testClock.status === "ready";
    emitEvent(
      context,
      isReady ? "test_helpers.test_clock.ready" : "test_helpers.test_clock.internal_failure",
      testClock,
    );
  });
}
