import { AppError } from "@/lib/app-error";
import { isDatabaseUnavailable } from "@/lib/db/is-database-unavailable";
import { logError } from "@/lib/log";
import { problemResponse, statusOf } from "./problem-response";

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
  const { code, options } = refusal;
  if (statusOf(refusal) >= 500) {
    logError(`request.${code}`, options.cause ?? refusal, { detail: options.detail ?? null });
  }
  return problemResponse(refusal, requestId);
}
