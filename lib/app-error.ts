/** Every way a request can be refused. `lib/http/problem-response.ts` gives each its HTTP status. */
export type ErrorCode =
  | "malformed_request"
  | "invalid_request"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "not_at_edge"
  | "limit_reached"
  | "conflict"
  | "plan_already_live"
  | "idempotency_mismatch"
  | "idempotency_in_flight"
  | "payload_too_large"
  | "rate_limited"
  | "overloaded"
  | "signature_invalid"
  | "not_configured"
  | "stripe_unavailable"
  | "database_unavailable"
  | "ai_unavailable"
  | "edge_unavailable"
  | "internal";

/** One thing wrong with one field of the input. */
export type FieldError = { field: string; message: string };

export type AppErrorOptions = {
  /** For the log only. */
  detail?: string;
  cause?: unknown;
  /** The fields at fault, shown to the caller. */
  fields?: FieldError[];
  /** Further members of the answer's body, shown to the caller. */
  extra?: Record<string, unknown>;
  /** Overrides the code's status, where a catalogue's policy decides it. */
  status?: number;
  retryAfterSeconds?: number;
  /** Further headers of the answer. */
  headers?: Record<string, string>;
};

/**
 * A refusal that the caller is told about: `publicMessage` is shown, `detail` and `cause` are logged. Known by its
 * name, not its class: Next bundles this file more than once, and what one bundle throws another has to recognise.
 */
export class AppError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "AppError";
  }

  readonly code: ErrorCode;
  readonly publicMessage: string;
  readonly options: AppErrorOptions;

  constructor(code: ErrorCode, publicMessage: string, options: AppErrorOptions = {}) {
    super(options.detail ?? publicMessage, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.publicMessage = publicMessage;
    this.options = options;
  }
}
