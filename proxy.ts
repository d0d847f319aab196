import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { type EnvResult, envResult, isLoopbackHost } from "@/lib/env";
import { canonicalPath } from "@/lib/http/path-aliases";
import { newId } from "@/lib/new-id";
import { apiHeaders, needsFullLoad, pageHeaders, type SecurityContext } from "@/lib/security-headers";

/** What goes on during maintenance: whoever pays meanwhile must be heard, and a page needs its icon. */
const OPEN_IN_MAINTENANCE = /^\/(?:api\/health|api\/ready|api\/v1\/webhooks\/.+|[^/]+\.[a-z0-9]+)$/;
const MAINTENANCE_RETRY_SECONDS = "120";

/**
 * A convenience, never a guard: every page, route and action checks for itself, and a page served without this has
 * the stricter policy of next.config.ts. Gives each page the policy of its answer and its request an id, tells an
 * installation without its variables so on every page, closes the pages for maintenance, and brings 127.0.0.1 to the
 * address that sign-in links lead to.
 */
export function proxy(request: NextRequest): NextResponse {
  const result = envResult();
  const context: SecurityContext = {
    isDev: process.env.NODE_ENV === "development",
    env: result.ok ? result.env : null,
  };
  const refusal = refuse(result, request);
  return refusal ? withHeaders(refusal, apiHeaders(context)) : passOn(request, context, result);
}

/** The answers that are given right here. */
function refuse(result: EnvResult, request: NextRequest): NextResponse | null {
  const { pathname, search } = request.nextUrl;
  if (!result.ok) {
    if (pathname === "/setup") return null;
    return new NextResponse("This installation is not set up yet. /setup lists what is missing.\n", {
      status: 503,
    });
  }
  if (isApi(pathname) && isClosed(result, pathname)) {
    const title = "We are working on it. Please try again in a few minutes.";
    return NextResponse.json(
      { type: "about:blank", title, status: 503, code: "maintenance" },
      {
        status: 503,
        headers: { "content-type": "application/problem+json", "retry-after": MAINTENANCE_RETRY_SECONDS },
      },
    );
  }
  if (!result.env.local) return null;

  const host = request.headers.get("host") ?? "";
  const url = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : null;
  if (!url || !isLoopbackHost(url.hostname)) {
    return new NextResponse("Local mode answers this machine only.\n", { status: 403 });
  }
  if (isClosed(result, pathname)) {
    // Bound to 127.0.0.1, Next takes its own maintenance page for another server's and asks itself without end.
    return new NextResponse("We are working on it. Please try again in a few minutes.\n", {
      status: 503,
      headers: { "retry-after": MAINTENANCE_RETRY_SECONDS },
    });
  }
  const own = new URL(result.env.appUrl);
  // Next itself reads the page that an action redirects to, by 127.0.0.1; sent to another name it never gets there.
  const isData = (request.headers.get("accept") ?? "").includes("text/x-component");
  const isPage = request.method === "GET" && !isApi(pathname) && !isData;
  if (isPage && url.hostname !== own.hostname && url.port === own.port) {
    return NextResponse.redirect(new URL(`${pathname}${search}`, own), 307);
  }
  return null;
}

/** Lets the request on, with an id of our own making whatever the caller sent, and the answer with its headers. */
function passOn(request: NextRequest, context: SecurityContext, result: EnvResult): NextResponse {
  const { pathname } = request.nextUrl;
  const headers = new Headers(request.headers);
  headers.set("x-request-id", newId());
  // Next would take the nonce of an answer from the request.
  headers.delete("content-security-policy");
  headers.delete("content-security-policy-report-only");

  if (isApi(pathname)) return withHeaders(NextResponse.next({ request: { headers } }), apiHeaders(context));
  if (request.headers.has("rsc") && needsFullLoad(pathOf(request.headers.get("referer")), pathname)) {
    // Anything but a page's data makes Next load the document.
    return withHeaders(new NextResponse(null, { status: 204 }), apiHeaders(context));
  }
  const own = pageHeaders(context, { path: pathname, nonce: randomBytes(16).toString("base64") });
  headers.set("content-security-policy", own["content-security-policy"] ?? "");
  if (!isClosed(result, pathname)) return withHeaders(NextResponse.next({ request: { headers } }), own);
  const page = request.nextUrl.clone();
  page.pathname = "/maintenance";
  page.search = "";
  return withHeaders(NextResponse.rewrite(page, { status: 503, request: { headers } }), {
    ...own,
    "retry-after": MAINTENANCE_RETRY_SECONDS,
  });
}

function withHeaders(response: NextResponse, headers: Record<string, string>): NextResponse {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

function isClosed(result: EnvResult, pathname: string): boolean {
  return result.ok && result.env.maintenance && !OPEN_IN_MAINTENANCE.test(canonicalPath(pathname));
}

function isApi(pathname: string): boolean {
  return pathname.startsWith("/api/");
}

function pathOf(address: string | null): string {
  return address && URL.canParse(address) ? new URL(address).pathname : "";
}

export const config = { matcher: ["/((?!_next/).*)"] };
