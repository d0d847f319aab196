import type { AppError, ErrorCode } from "@/lib/app-error";

/** The one table from what went wrong to what HTTP calls it. */
export const STATUS = {
  malformed_request: 400,
  signature_invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  limit_reached: 403,
  not_found: 404,
  not_at_edge: 404,
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
  edge_unavailable: 503,
} satisfies Record<ErrorCode, number>;

export function statusOf({ code, options }: AppError): number {
  return options.status ?? STATUS[code];
}

/** A refusal as `application/problem+json` (RFC 9457). Needs nothing of Node, so that the edge answers alike. */
export function problemResponse(refusal: AppError, requestId: string): Response {
  const { code, publicMessage, options } = refusal;
  const status = statusOf(refusal);
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
