import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { issueSignInLink } from "./issue-sign-in-link";

export const DEMO_ACCOUNTS = ["free@demo.test", "pro@demo.test", "admin@demo.test"] as const;
export type DemoAccount = (typeof DEMO_ACCOUNTS)[number];

/**
 * A one-time link that signs in as a demo account, for the button on the sign-in page.
 * @throws AppError `not_found` outside local mode: there are no demo accounts.
 */
export async function startDemoSession(
  ctx: Context,
  input: { account: DemoAccount; returnTo: string },
): Promise<string> {
  if (!ctx.env.local) throw new AppError("not_found", "There are no demo accounts here.");
  const link = new URL(await issueSignInLink(ctx, { email: input.account, returnTo: input.returnTo }));
  return `/api/auth/callback/email${link.search}`;
}
