/** A running stand-in. Every stand-in's `start…` function resolves to one once it accepts connections. */
export type LocalService = {
  /** What the table printed at start calls it, e.g. "Stripe". */
  name: string;
  /** Where a person or a client reaches it, e.g. "http://127.0.0.1:12111". */
  url: string;
  /** Stops listening, flushes state to disk and releases the port. Safe to call twice. */
  close(): Promise<void>;
};
