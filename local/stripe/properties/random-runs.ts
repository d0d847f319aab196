import type { Parameters } from "fast-check";

/** The seed of the ordinary run, so that it says the same on every machine. */
const ORDINARY_SEED = 20261028;

/**
 * How fast-check runs a property. Ordinarily it is the same few histories on every machine, however slow;
 * `STRIPE_PROPERTY_RUNS=20` runs twenty times as many, new ones each time. A failure prints its seed and its path:
 * `STRIPE_PROPERTY_SEED=… STRIPE_PROPERTY_PATH=…` with the name of the test replays it.
 */
export function randomRuns<T>(ordinaryRuns: number): Parameters<T> {
  const multiplier = Number(process.env.STRIPE_PROPERTY_RUNS ?? "1");
  const { STRIPE_PROPERTY_SEED: seed, STRIPE_PROPERTY_PATH: path } = process.env;
  return {
    // Who asks for more wants them all, as far as the test's own time allows.
    ...(multiplier > 1 ? { interruptAfterTimeLimit: PROPERTY_TIMEOUT_MS * 0.8 } : {}),
    numRuns: Math.max(1, Math.round(ordinaryRuns * multiplier)),
    ...(seed === undefined ? (multiplier === 1 ? { seed: ORDINARY_SEED } : {}) : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path, endOnFailure: true }),
  };
}

/** How long a test with a property may take, in milliseconds. */
export const PROPERTY_TIMEOUT_MS = 60_000 * Math.max(1, Number(process.env.STRIPE_PROPERTY_RUNS ?? "1"));

/** Whether one failure alone is looked at again. */
export const IS_REPLAY = process.env.STRIPE_PROPERTY_PATH !== undefined;
