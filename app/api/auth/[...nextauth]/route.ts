import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { AppError } from "@/lib/app-error";
import { authOptions } from "@/lib/auth/auth-options";
import { CONFIRMATION_COOKIE, confirmationOf } from "@/lib/auth/confirmation-cookie";
import { businessNow } from "@/lib/clock";
import { handleRoute } from "@/lib/http/handle-route";
import { cookieOf, secretsEqual } from "@/lib/http/request-guards";

/**
 * The parts of next-auth that are used. Asking for a link is not among them: /sign-in does, and limits the rate.
 * Nor is its `session`, which would prolong a session for whoever holds the cookie.
 */
const ALLOWED = new Set(["callback", "error"]);

const handler = handleRoute(async (ctx, request, segments) => {
  const { nextauth } = await segments.params;
  if (!Array.isArray(nextauth) || !ALLOWED.has(nextauth[0] ?? ""))
    throw new AppError("not_found", "There is nothing here.");
  if (nextauth[0] === "callback" && !isConfirmed(request)) {
    const { search } = new URL(request.url);
    return new Response(null, { status: 303, headers: { location: `/sign-in/confirm${search}` } });
  }
  process.env.NEXTAUTH_URL = ctx.env.appUrl;
  const options = authOptions(ctx.db, { authSecret: ctx.env.authSecret, now: businessNow });
  // Next gives every route handler a NextRequest; the wrapper only asks for what the others need.
  return NextAuth(request as NextRequest, { params: { nextauth } }, options);
});

export { handler as GET, handler as POST };

/** Whether the button of the confirming page was pressed in this browser for this very link. */
function isConfirmed(request: Request): boolean {
  const token = new URL(request.url).searchParams.get("token");
  const confirmation = cookieOf(request, CONFIRMATION_COOKIE);
  return token !== null && confirmation !== null && secretsEqual(confirmation, confirmationOf(token));
}
