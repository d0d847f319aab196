import type { Context } from "@/local/stripe/context";
import { openStore } from "@/local/stripe/store/store";

/** A context over an empty store in memory, for what is tested below the API; `at` gives the same store later. */
export function openContext(now: number): Context & { at(later: number): Context } {
  const context: Context = {
    store: openStore(null),
    now,
    baseUrl: "http://127.0.0.1:1",
    request: { id: null, idempotencyKey: null },
  };
  return { ...context, at: (later) => ({ ...context, now: later }) };
}
