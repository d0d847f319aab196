/**
 * Business time. It is the wall clock, except in local mode, where the local Stripe moves it: its offset is
 * pushed here, so that "jump to the renewal" moves the whole product. Nothing outside local mode can move it
 * (`app/api/local/clock` does not exist there). Signatures, rate limits, leases, sessions and ids use the wall clock.
 */
const OFFSET = Symbol.for("tollkeeper.clock.offset");
const state = globalThis as { [OFFSET]?: number };

export function businessNow(): Date {
  return new Date(Date.now() + (state[OFFSET] ?? 0));
}

export function setClockOffset(offsetMs: number): void {
  state[OFFSET] = offsetMs;
}
