import { readMeta, type Store, writeMeta } from "@/local/stripe/store/store";

const OFFSET_KEY = "clock_offset_ms";

/** The one clock: wall time plus an offset that only grows once something lives, kept across restarts. */
export type Clock = {
  offsetMs(): number;
  /** Business time in milliseconds. */
  nowMs(): number;
  /** Business time in unix seconds. */
  now(): number;
};

/** The clock of a store; reading it is reading the store. */
export function openClock(store: Store): Clock {
  return {
    offsetMs() {
      store.clockOffsetMs ??= Number(readMeta(store, OFFSET_KEY) ?? "0");
      return store.clockOffsetMs;
    },
    nowMs() {
      return Date.now() + this.offsetMs();
    },
    now() {
      store.clockReading = Math.floor(this.nowMs() / 1000);
      return store.clockReading;
    },
  };
}

/**
 * The time a call lived by that has just been answered: the clock may have come to the next second between its arrival
 * and its work, which would be another second when it is made again.
 */
export function timeOfCall(store: Store, arrivedAt: number): number {
  return store.clockReading === arrivedAt + 1 ? store.clockReading : arrivedAt;
}

/** Sets how far business time runs ahead of the wall clock. */
export function saveClockOffset(store: Store, offsetMs: number): void {
  writeMeta(store, OFFSET_KEY, String(offsetMs));
  store.clockOffsetMs = offsetMs;
}
