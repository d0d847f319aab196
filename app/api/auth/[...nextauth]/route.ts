import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { AppError } from "@/lib/app-error";
import { authOptions } from "@/lib/auth/auth-options";
import { businessNow } from "@/lib/clock";
import { handleRoute } from "@/lib/http/handle-route";

/**
 * The parts of next-auth that are used. Asking for a link is not among them: /sign-in does, and limits the rate.
 * Nor is its `session`, which would prolong a session for whoever holds the cookie.
 */
const ALLOWED = new Set(["callback", "error"]);

const handler = handleRoute(async (ctx, request, segments) => {
  const { nextauth } = await segments.params;
  if (!Array.isArray(nextauth) || !ALLOWED.has(nextauth[0] ?? ""))
    throw new AppError("not_found", "There is nothing here.");
  process.env.NEXTAUTH_URL = ctx.env.appUrl;
  const options = authOptions(ctx.db, { authSecret: ctx.env.authSecret, now: businessNow });
  // Next gives every route handler a NextRequest; the wrapper only asks for what the others need.
  return NextAuth(request as NextRequest, { params: { nextauth } }, options);
});

export { handler as GET, handler as POST };
