import "server-only";
import { cookies, headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { findViewer, sessionCookieName, type Viewer } from "@/lib/auth/find-viewer";
import { getContext } from "@/lib/context";
import { assertLocalHost } from "./request-guards";

/** Who is looking at this page, or null. Asked once per request. */
export const getViewer = cache(async (): Promise<Viewer | null> => {
  const ctx = getContext();
  assertLocalHost(ctx.env, await headers());
  const cookie = (await cookies()).get(sessionCookieName(ctx.env.appUrl));
  return findViewer(ctx, cookie?.value);
});

/** The viewer of a page that is for signed-in people; others sign in first and come back to `returnTo`. */
export async function requireViewer(returnTo: string): Promise<Viewer> {
  return (await getViewer()) ?? redirect(`/sign-in?return_to=${encodeURIComponent(returnTo)}`);
}

/** The viewer of a page for platform admins. For everybody else there is no such page. */
export async function requireAdmin(returnTo: string): Promise<Viewer> {
  const viewer = await requireViewer(returnTo);
  if (!viewer.isPlatformAdmin) notFound();
  return viewer;
}
