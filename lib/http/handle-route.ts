import { unstable_rethrow } from "next/navigation";
import { type Context, getContext } from "@/lib/context";
import { log, withLogFields } from "@/lib/log";
import { newId } from "@/lib/new-id";
import { errorResponse } from "./error-response";
import { assertLocalHost } from "./request-guards";

/** What Next gives a route handler beside the request. */
export type RouteSegments = { params: Promise<Record<string, string | string[] | undefined>> };
export type RouteHandler = (request: Request, segments: RouteSegments) => Promise<Response>;
/** A plain object is answered as JSON with 200. */
export type RouteAnswer = Response | Record<string, unknown>;
type RouteWork = (
  ctx: Context,
  request: Request,
  segments: RouteSegments,
  requestId: string,
) => Promise<RouteAnswer>;

/**
 * What every route has in common: a request id, the context, errors answered as problems, and a line in the log. The
 * wrappers build on it.
 */
export function handleRoute(work: RouteWork): RouteHandler {
  return (request, segments) => {
    const requestId = newId();
    const startedAt = performance.now();
    return withLogFields({ request_id: requestId }, async () => {
      const response = await answer(work, request, segments, requestId);
      log("info", "request", {
        method: request.method,
        // Without the query, which may hold what a link grants.
        path: new URL(request.url).pathname,
        status: response.status,
        duration_ms: Math.round(performance.now() - startedAt),
      });
      return response;
    });
  };
}

async function answer(
  work: RouteWork,
  request: Request,
  segments: RouteSegments,
  requestId: string,
): Promise<Response> {
  try {
    const ctx = getContext();
    assertLocalHost(ctx.env, request.headers);
    const result = await work(ctx, request, segments, requestId);
    if (result instanceof Response) {
      result.headers.set("request-id", requestId);
      return result;
    }
    return Response.json(result, {
      headers: { "cache-control": "private, no-store", "request-id": requestId },
    });
  } catch (error) {
    unstable_rethrow(error);
    return errorResponse(error, requestId);
  }
}
