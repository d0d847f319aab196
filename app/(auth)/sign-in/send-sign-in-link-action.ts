"use server";

import { headers } from "next/headers";
import { z } from "zod";
import { publicAction } from "@/lib/http/actions";
import { safeReturnPath } from "@/lib/http/safe-return-path";
import { sendSignInLink } from "@/lib/services/sign-in/send-sign-in-link";

const SignInInput = z.strictObject({
  email: z.email("This is not an e-mail address.").max(254, "This is too long for an e-mail address."),
  return_to: z.string().max(2_000).optional(),
});

/** Mails a sign-in link. Says the same whether or not the address is known here. */
export const sendSignInLinkAction = publicAction(SignInInput, async (ctx, { input }) => {
  const { email, return_to: returnTo } = input;
  await sendSignInLink(ctx, { email, returnTo: safeReturnPath(returnTo), visitor: await readVisitor() });
  return { ok: true, message: `We sent a sign-in link to ${email}.`, fields: [], code: null };
});

/** Whom the number of mails is counted against: the nearest thing to a visitor that a request carries. */
async function readVisitor(): Promise<string> {
  const forwardedFor = (await headers()).get("x-forwarded-for");
  return forwardedFor?.split(",")[0]?.trim() || "local";
}
