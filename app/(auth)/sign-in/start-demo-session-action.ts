"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { readVisitor } from "@/app/(auth)/read-visitor";
import { giveSessionCookie } from "@/app/(auth)/session-cookie";
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
  const { userAgent } = await readVisitor();
  await giveSessionCookie(ctx, await startDemoSession(ctx, { account: input.account, userAgent }));
  redirect(safeReturnPath(input.return_to));
});
