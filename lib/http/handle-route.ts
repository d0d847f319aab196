import { unstable_rethrow } from "next/navigation";
import { type Context, getContext } from "@/lib/context";
import { newId } from "@/lib/new-id";
import { errorResponse } from "./error-response";
import { assertLocalHost } from "./request-guards";

/** What Next gives a route handler beside the request. */
export type RouteSegments = { params: Promise<Record<string, string | string[] | undefined>> };
export type RouteHandler = (request: Request, segments: RouteSegments) => Promise<Response>;
/** A plain object is answered as JSON with 200. */
export type RouteAnswer = Response | Record<string, unknown>;

/** What every route has in common: a request id, the context, and errors answered as problems. The wrappers build on it. */
export function handleRoute(
  work: (ctx: Context, request: Request, segments: RouteSegments) => Promise<RouteAnswer>,
): RouteHandler {
  return async (request, segments) => {
    const requestId = newId();
    try {
      const ctx = getContext();
      assertLocalHost(ctx.env, request.headers);
      const answer = await work(ctx, request, segments);
      if (answer instanceof Response) {
        answer.headers.set("request-id", requestId);
        return answer;
      }
      return Response.json(answer, {
        headers: { "cache-control": "private, no-store", "request-id": requestId },
      });
    } catch (error) {
      unstable_rethrow(error);
      return errorResponse(error, requestId);
    }
  };
}
