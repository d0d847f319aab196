import { cookies } from "next/headers";
import { sessionCookieName } from "@/lib/auth/find-viewer";
import { envResult } from "@/lib/env";

/** Whether somebody may be signed in. It asks no database, and so it proves nothing: it says what to expect. */
export async function hasSessionCookie(): Promise<boolean> {
  const result = envResult();
  return result.ok && (await cookies()).has(sessionCookieName(result.env.appUrl));
}
