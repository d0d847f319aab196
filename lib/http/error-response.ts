import { AppError, type ErrorCode } from "@/lib/app-error";
import { isDatabaseUnavailable } from "@/lib/db/is-database-unavailable";
import { logError } from "@/lib/log";

/** The one table from what went wrong to what HTTP calls it. */
export const STATUS = {
  malformed_request: 400,
  signature_invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  limit_reached: 403,
  not_found: 404,
  conflict: 409,
  idempotency_in_flight: 409,
  plan_already_live: 409,
  payload_too_large: 413,
  invalid_request: 422,
  idempotency_mismatch: 422,
  rate_limited: 429,
  internal: 500,
  not_configured: 503,
  stripe_unavailable: 503,
  database_unavailable: 503,
  overloaded: 503,
  ai_unavailable: 503,
} satisfies Record<ErrorCode, number>;

/** Any error as the refusal it is shown as. What is not an AppError is not explained to the caller. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isDatabaseUnavailable(error)) {
    return new AppError(
      "database_unavailable",
      "We cannot reach our records at the moment. Please try again; the same Idempotency-Key is counted once.",
      {
        cause: error,
        retryAfterSeconds: 5,
      },
    );
  }
  return new AppError("internal", "Something went wrong on our side.", { cause: error });
}

/** Answers an error as `application/problem+json` (RFC 9457) and logs what the caller must not see. */
export function errorResponse(error: unknown, requestId: string): Response {
  const refusal = toAppError(error);
  const { code, publicMessage, options } = refusal;
  const status = options.status ?? STATUS[code];
  if (status >= 500) {
    logError(`request.${code}`, options.cause ?? refusal, { detail: options.detail ?? null });
  }
  const body = {
    type: "about:blank",
    title: publicMessage,
    status,
    code,
    ...(options.fields ? { errors: options.fields } : {}),
    ...options.extra,
    request_id: requestId,
  };
  const headers = new Headers({
    "content-type": "application/problem+json",
    "cache-control": "private, no-store",
    "request-id": requestId,
    ...options.headers,
  });
  if (options.retryAfterSeconds) headers.set("retry-after", String(options.retryAfterSeconds));
  if (status === 401) headers.set("www-authenticate", "Bearer");
  return new Response(JSON.stringify(body), { status, headers });
}
