"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { sessionCookieName } from "@/lib/auth/find-viewer";
import { publicAction } from "@/lib/http/actions";
import { signOut } from "@/lib/services/sign-in/sign-out";
import { takeSessionCookie } from "./session-cookie";

/** Ends the session in the database, takes its cookie back, and leads to the front page. */
export const signOutAction = publicAction(z.strictObject({}), async (ctx) => {
  const sessionToken = (await cookies()).get(sessionCookieName(ctx.env.appUrl))?.value;
  if (sessionToken) await signOut(ctx, { sessionToken });
  await takeSessionCookie(ctx);
  redirect("/");
});
