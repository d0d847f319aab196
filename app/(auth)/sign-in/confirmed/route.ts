import { z } from "zod";
import { CONFIRMATION_COOKIE, CONFIRMATION_SECONDS, confirmationOf } from "@/lib/auth/confirmation-cookie";
import { EmailAddress } from "@/lib/domain/email-address";
import { publicFormRoute } from "@/lib/http/routes";
import { safeReturnPath } from "@/lib/http/safe-return-path";

const Confirmation = z.strictObject({
  token: z.string().min(1).max(200),
  email: EmailAddress,
  callbackUrl: z.string().max(2_000),
});

/** The button of the confirming page: marks this browser, then lets next-auth consume the link. */
export const POST = publicFormRoute(Confirmation, async (ctx, { token, email, callbackUrl }) => {
  const query = new URLSearchParams({ token, email, callbackUrl: safeReturnPath(callbackUrl) });
  const secure = ctx.env.appUrl.startsWith("https:") ? "; Secure" : "";
  return new Response(null, {
    status: 303,
    headers: {
      location: `/api/auth/callback/email?${query}`,
      "cache-control": "no-store",
      "set-cookie": `${CONFIRMATION_COOKIE}=${confirmationOf(token)}; Path=/api/auth; Max-Age=${CONFIRMATION_SECONDS}; HttpOnly; SameSite=Strict${secure}`,
    },
  });
});
