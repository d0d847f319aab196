"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { readVisitor } from "@/app/(auth)/read-visitor";
import type { Context } from "@/lib/context";
import { EmailAddress } from "@/lib/domain/email-address";
import { publicAction } from "@/lib/http/actions";
import { safeReturnPath } from "@/lib/http/safe-return-path";
import { sendSignInLink } from "@/lib/services/sign-in/send-sign-in-link";
import { keepMailedAddress } from "./mailed-address-cookie";

const SignInInput = z.strictObject({ email: EmailAddress, return_to: z.string().max(2_000).optional() });

/** Mails a sign-in link and leads on to where its code can be typed. Says the same whoever has an account. */
export const sendSignInLinkAction = publicAction(SignInInput, async (ctx, { input }) => {
  const returnTo = await send(ctx, input);
  redirect(`/sign-in?${new URLSearchParams({ step: "code", return_to: returnTo })}`);
});

/** The same once more, from where the code is typed. */
export const resendSignInLinkAction = publicAction(SignInInput, async (ctx, { input }) => {
  await send(ctx, input);
  return { ok: true, message: `We sent another mail to ${input.email}.`, fields: [], code: null };
});

async function send(ctx: Context, input: z.infer<typeof SignInInput>): Promise<string> {
  const returnTo = safeReturnPath(input.return_to);
  const { visitor } = await readVisitor();
  await sendSignInLink(ctx, { email: input.email, returnTo, visitor });
  await keepMailedAddress(input.email, { isSecure: ctx.env.appUrl.startsWith("https:") });
  return returnTo;
}
