"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { AppError } from "@/lib/app-error";
import { configuredOauthProviders } from "@/lib/auth/oauth-providers";
import { runNextAuth } from "@/lib/auth/run-next-auth";
import { OAUTH_PROVIDERS } from "@/lib/domain/oauth-provider";
import { publicAction } from "@/lib/http/actions";
import { safeReturnPath } from "@/lib/http/safe-return-path";

const OauthInput = z.strictObject({
  provider: z.enum(OAUTH_PROVIDERS),
  return_to: z.string().max(2_000).optional(),
});

/** Sets out to a provider: gives the browser next-auth's checks, and leads it there. */
export const startOauthAction = publicAction(OauthInput, async (ctx, { input }) => {
  const { provider, return_to: returnTo } = input;
  if (!configuredOauthProviders(ctx.env.oauth).includes(provider))
    throw new AppError("not_found", "This way to sign in is not offered here.");
  const { location, setCookies } = await runNextAuth(
    { ...ctx, userAgent: null, sessionToken: null, safeReturnPath },
    { action: "signin", provider, query: {}, cookies: {}, returnTo: safeReturnPath(returnTo) },
  );
  const jar = await cookies();
  for (const header of setCookies) {
    const { name, value, expires } = readSetCookie(header);
    const secure = ctx.env.appUrl.startsWith("https:");
    jar.set(name, value, { path: "/", httpOnly: true, sameSite: "lax", secure, expires });
  }
  redirect(location);
});

/** All cookies next-auth sets are for the whole site and for the server alone; they differ in how long they last. */
function readSetCookie(header: string): { name: string; value: string; expires: Date | undefined } {
  const [pair = "", ...attributes] = header.split(";").map((part) => part.trim());
  const at = pair.indexOf("=");
  const expires = attributes.find((attribute) => /^expires=/i.test(attribute))?.slice("expires=".length);
  return {
    name: pair.slice(0, at),
    value: decodeURIComponent(pair.slice(at + 1)),
    expires: expires ? new Date(expires) : undefined,
  };
}
