import { AppError } from "@/lib/app-error";
import { CONFIRMATION_COOKIE, confirmationOf } from "@/lib/auth/confirmation-cookie";
import { sessionCookieName } from "@/lib/auth/find-viewer";
import { configuredOauthProviders } from "@/lib/auth/oauth-providers";
import { runNextAuth } from "@/lib/auth/run-next-auth";
import { businessNow } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { handleRoute } from "@/lib/http/handle-route";
import { cookieOf } from "@/lib/http/request-guards";
import { safeReturnPath } from "@/lib/http/safe-return-path";
import { secretsEqual } from "@/lib/http/secrets-equal";

/**
 * Where a sign-in ends: the link of a mail, or the way back from a provider. It is all of next-auth that is served.
 * Asking for a link is for /sign-in, which limits the rate; so is setting out to a provider. Its `session` would
 * prolong a session for whoever holds the cookie.
 */
export const GET = handleRoute(async (ctx, request, segments) => {
  const { nextauth } = await segments.params;
  const [action, provider, ...rest] = Array.isArray(nextauth) ? nextauth : [];
  if (action !== "callback" || !provider || rest.length > 0 || !isServed(ctx, provider))
    throw new AppError("not_found", "There is nothing here.");
  const url = new URL(request.url);
  if (provider === "email" && !isConfirmed(request)) {
    return new Response(null, { status: 303, headers: { location: `/sign-in/confirm${url.search}` } });
  }
  const sessionToken = cookieOf(request, sessionCookieName(ctx.env.appUrl));
  const { location, setCookies } = await runNextAuth(
    {
      ...ctx,
      now: businessNow(),
      userAgent: request.headers.get("user-agent"),
      sessionToken,
      safeReturnPath,
    },
    { action, provider, query: Object.fromEntries(url.searchParams), cookies: cookiesOf(request) },
  );
  const headers = new Headers({ location: withReturnPath(request, location), "cache-control": "no-store" });
  for (const cookie of setCookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
});

function isServed(ctx: Context, provider: string): boolean {
  return provider === "email" || configuredOauthProviders(ctx.env.oauth).some((name) => name === provider);
}

/** Whether the button of the confirming page was pressed in this browser for this very link. */
function isConfirmed(request: Request): boolean {
  const token = new URL(request.url).searchParams.get("token");
  const confirmation = cookieOf(request, CONFIRMATION_COOKIE);
  return token !== null && confirmation !== null && secretsEqual(confirmation, confirmationOf(token));
}

function cookiesOf(request: Request): Record<string, string> {
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  const named = pairs.filter((pair) => pair.includes("="));
  return Object.fromEntries(
    named.map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), decode(pair.slice(at + 1))];
    }),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Who failed is not to lose where they were going: by mail it stands in the link, else in next-auth's cookie. */
function withReturnPath(request: Request, location: string): string {
  const target = new URL(location);
  if (target.pathname !== "/sign-in") return location;
  const { searchParams } = new URL(request.url);
  const cookies = cookiesOf(request);
  const goal =
    searchParams.get("callbackUrl") ??
    cookies["next-auth.callback-url"] ??
    cookies["__Secure-next-auth.callback-url"];
  if (goal) {
    const path = goal.startsWith(`${target.origin}/`) ? goal.slice(target.origin.length) : goal;
    target.searchParams.set("return_to", safeReturnPath(path));
  }
  return target.href;
}
