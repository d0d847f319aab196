"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { sessionCookieName } from "@/lib/auth/find-viewer";
import { publicAction } from "@/lib/http/actions";
import { signOut } from "@/lib/services/sign-in/sign-out";

/** Ends the session in the database, takes its cookie back, and leads to the front page. */
export const signOutAction = publicAction(z.strictObject({}), async (ctx) => {
  const jar = await cookies();
  const name = sessionCookieName(ctx.env.appUrl);
  const sessionToken = jar.get(name)?.value;
  if (sessionToken) await signOut(ctx, { sessionToken });
  // Not `delete`: browsers ignore a `__Secure-` cookie that does not come back as secure.
  jar.set(name, "", {
    path: "/",
    maxAge: 0,
    httpOnly: true,
    sameSite: "lax",
    secure: name.startsWith("__Secure-"),
  });
  redirect("/");
});
