import type { IncomingMessage } from "node:http";
import type { Answer } from "./answer";

/** Pages of this machine, whatever their port. */
const LOOPBACK_ORIGIN = /^https?:\/\/((.+\.)?localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** What a browser asks before Stripe.js may call from a page of this machine; null for anything else. */
export function answerPreflight(request: IncomingMessage): Answer | null {
  const origin = loopbackOriginOf(request);
  if (request.method !== "OPTIONS" || origin === null || !/^\/(v1|js)\//.test(request.url ?? "")) return null;
  const headers = {
    ...allowed(origin),
    "Access-Control-Allow-Methods": "GET, POST",
    // Whatever the page's fetch brings: tracing and testing tools add headers of their own to it.
    "Access-Control-Allow-Headers": request.headers["access-control-request-headers"] ?? "Authorization",
    "Access-Control-Max-Age": "600",
  };
  return { status: 204, headers, body: "" };
}

/**
 * Lets a page of this machine read what it asked for with a publishable key. Answers to secret keys stay unreadable in
 * every browser, where such a key must not be.
 */
export function readableByPages(request: IncomingMessage, answer: Answer): Answer {
  const origin = loopbackOriginOf(request);
  const isPublishable = /^bearer pk_/i.test(request.headers.authorization ?? "");
  if (origin === null || !isPublishable) return answer;
  return {
    ...answer,
    headers: { ...answer.headers, ...allowed(origin), "Access-Control-Expose-Headers": "Request-Id" },
  };
}

function loopbackOriginOf({ headers: { origin } }: IncomingMessage): string | null {
  return origin !== undefined && LOOPBACK_ORIGIN.test(origin) ? origin : null;
}

function allowed(origin: string): Record<string, string> {
  return { "Access-Control-Allow-Origin": origin, Vary: "Origin" };
}
