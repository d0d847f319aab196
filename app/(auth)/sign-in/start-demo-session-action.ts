"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { sessionCookieName } from "@/lib/auth/find-viewer";
import { DEMO_ACCOUNTS } from "@/lib/domain/demo-account";
import { publicAction } from "@/lib/http/actions";
import { safeReturnPath } from "@/lib/http/safe-return-path";
import { startDemoSession } from "@/lib/services/sign-in/start-demo-session";

const DemoInput = z.strictObject({
  account: z.enum(DEMO_ACCOUNTS),
  return_to: z.string().max(2_000).optional(),
});

/** Signs in as a demo account; in local mode only, which the service sees to. */
export const startDemoSessionAction = publicAction(DemoInput, async (ctx, { input }) => {
  const { sessionToken, expires } = await startDemoSession(ctx, { account: input.account });
  const name = sessionCookieName(ctx.env.appUrl);
  const secure = name.startsWith("__Secure-");
  (await cookies()).set(name, sessionToken, { path: "/", expires, httpOnly: true, sameSite: "lax", secure });
  redirect(safeReturnPath(input.return_to));
});
