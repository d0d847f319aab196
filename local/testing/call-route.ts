import type { RouteHandler } from "@/lib/http/handle-route";

export type RouteCall = {
  /** Sent as JSON, by POST; `text` as it is. */
  body?: unknown;
  text?: string;
  method?: "GET" | "POST";
  /** What the path has in brackets. */
  params?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
};

/** Calls a route's handler as Next would, with an API key. */
export async function requestRoute(
  handler: RouteHandler,
  key: string,
  call: RouteCall = {},
): Promise<Response> {
  const { body, text, params = {}, query = {}, headers = {}, signal } = call;
  const payload = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const url = `http://localhost:3000/api/v1/billing?${new URLSearchParams(query)}`;
  const request = new Request(url, {
    method: call.method ?? (payload === undefined ? "GET" : "POST"),
    headers: { host: "localhost:3000", authorization: `Bearer ${key}`, ...headers },
    ...(payload === undefined ? {} : { body: payload }),
    ...(signal && { signal }),
  });
  return handler(request, { params: Promise.resolve(params) });
}

/** The same, with the answer's JSON read. */
export async function callRoute(handler: RouteHandler, key: string, call: RouteCall = {}) {
  const response = await requestRoute(handler, key, call);
  const json = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, json };
}
