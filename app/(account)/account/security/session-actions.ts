"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { takeSessionCookie } from "@/app/(auth)/session-cookie";
import { customerAction } from "@/lib/http/actions";
import { revokeAllSessions } from "@/lib/services/sessions/revoke-all-sessions";
import { revokeSession } from "@/lib/services/sessions/revoke-session";

const PAGE = "/account/security";

export const revokeSessionAction = customerAction(
  z.strictObject({ session_id: z.uuid() }),
  () => PAGE,
  async (ctx, { viewer, input }) => {
    await revokeSession(ctx, { userId: viewer.userId, sessionId: input.session_id });
    revalidatePath(PAGE);
    return undefined;
  },
);

export const signOutElsewhereAction = customerAction(
  z.strictObject({}),
  () => PAGE,
  async (ctx, { viewer }) => {
    await revokeAllSessions(ctx, { userId: viewer.userId, exceptSessionId: viewer.sessionId });
    revalidatePath(PAGE);
    return undefined;
  },
);

export const signOutEverywhereAction = customerAction(
  z.strictObject({}),
  () => PAGE,
  async (ctx, { viewer }) => {
    await revokeAllSessions(ctx, { userId: viewer.userId, exceptSessionId: null });
    await takeSessionCookie(ctx);
    redirect("/sign-in");
  },
);
