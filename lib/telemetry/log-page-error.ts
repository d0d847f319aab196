import { toAppError } from "@/lib/http/error-response";
import { logError, withLogFields } from "@/lib/log";

type FailedRequest = { path: string; method: string; headers: Record<string, string | string[] | undefined> };
type FailedPlace = { routePath: string; routeType: string };

/** Logs what a page threw while it was rendered, under the id that proxy.ts gave the request. */
export function logPageError(error: unknown, request: FailedRequest, place: FailedPlace): void {
  const requestId = request.headers["x-request-id"];
  const { code, options } = toAppError(error);
  withLogFields({ request_id: typeof requestId === "string" ? requestId : null }, () => {
    logError(`page.${code}`, options.cause ?? error, {
      method: request.method,
      // Without the query, which may hold what a link grants.
      path: request.path.split("?")[0] ?? "",
      route: place.routePath,
      route_type: place.routeType,
      detail: options.detail ?? null,
      digest: digestOf(error),
    });
  });
}

/** The reference that the error page shows. */
function digestOf(error: unknown): string | null {
  return typeof error === "object" && error !== null && "digest" in error ? String(error.digest) : null;
}
