import { type NextRequest, NextResponse } from "next/server";
import { envResult, isLoopbackHost } from "@/lib/env";

/**
 * A convenience, never a guard: every page, route and action checks for itself. Tells an installation without
 * its variables so on every page, and brings 127.0.0.1 to the address that sign-in links lead to.
 */
export function proxy(request: NextRequest): NextResponse {
  const result = envResult();
  const { pathname } = request.nextUrl;
  if (!result.ok) {
    if (pathname === "/setup") return NextResponse.next();
    return new NextResponse("This installation is not set up yet. /setup lists what is missing.\n", {
      status: 503,
    });
  }
  if (!result.env.local) return NextResponse.next();

  const host = request.headers.get("host") ?? "";
  const url = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : null;
  if (!url || !isLoopbackHost(url.hostname)) {
    return new NextResponse("Local mode answers this machine only.\n", { status: 403 });
  }
  const own = new URL(result.env.appUrl);
  const isPage = request.method === "GET" && !pathname.startsWith("/api/");
  if (isPage && url.hostname !== own.hostname && url.port === own.port) {
    return NextResponse.redirect(new URL(`${pathname}${request.nextUrl.search}`, own), 307);
  }
  return NextResponse.next();
}

export const config = { matcher: ["/((?!_next/).*)"] };
