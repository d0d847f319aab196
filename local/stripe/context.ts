import type { Store } from "@/local/stripe/store/store";

/** What every operation works with. One context lives for one request, or for one thing that fell due. */
export type Context = {
  store: Store;
  /** Business time in unix seconds. Operations never read the wall clock. */
  now: number;
  /** Where this server is reached, e.g. "http://127.0.0.1:12111". */
  baseUrl: string;
  /** The API request that caused the work; nulls when the clock or a page did. Copied into every event. */
  request: {
    id: string | null;
    idempotencyKey: string | null;
    /** Whether Stripe.js asks, with the key everybody may know: it sees less, and only with a client secret. */
    isPublishable?: boolean;
  };
};
