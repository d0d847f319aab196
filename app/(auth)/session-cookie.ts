import "server-only";
import { cookies } from "next/headers";
import { sessionCookieName } from "@/lib/auth/find-viewer";
import type { OpenedSession } from "@/lib/auth/open-session";
import type { Context } from "@/lib/context";
import { signOut } from "@/lib/services/sign-in/sign-out";

/** Gives this browser a session, and ends the one it had: nobody would know of it any more. */
export async function giveSessionCookie(
  ctx: Context,
  { sessionToken, expires }: OpenedSession,
): Promise<void> {
  const { name, options } = cookieOf(ctx);
  const jar = await cookies();
  const replaced = jar.get(name)?.value;
  if (replaced) await signOut(ctx, { sessionToken: replaced });
  jar.set(name, sessionToken, { ...options, expires });
}

/** Not the jar's `delete`: browsers ignore a `__Secure-` cookie that does not come back as secure. */
export async function takeSessionCookie(ctx: Context): Promise<void> {
  const { name, options } = cookieOf(ctx);
  (await cookies()).set(name, "", { ...options, maxAge: 0 });
}

function cookieOf({ env }: Context) {
  const name = sessionCookieName(env.appUrl);
  const secure = name.startsWith("__Secure-");
  return { name, options: { path: "/", httpOnly: true, sameSite: "lax" as const, secure } };
}
