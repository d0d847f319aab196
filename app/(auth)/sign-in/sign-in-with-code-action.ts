"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { readVisitor } from "@/app/(auth)/read-visitor";
import { giveSessionCookie } from "@/app/(auth)/session-cookie";
import { EmailAddress } from "@/lib/domain/email-address";
import { parseSignInCode } from "@/lib/domain/sign-in-code";
import { publicAction } from "@/lib/http/actions";
import { safeReturnPath } from "@/lib/http/safe-return-path";
import { signInWithCode } from "@/lib/services/sign-in/sign-in-with-code";

const CodeInput = z.strictObject({
  email: EmailAddress,
  code: z
    .string()
    .max(100)
    .transform((typed, issues) => {
      const code = parseSignInCode(typed);
      if (code === null) issues.addIssue("The code has six digits.");
      return code ?? z.NEVER;
    }),
  return_to: z.string().max(2_000).optional(),
});

/** Signs in with the code of a mail and leads back to what one was doing. */
export const signInWithCodeAction = publicAction(CodeInput, async (ctx, { input }) => {
  const { email, code, return_to: returnTo } = input;
  await giveSessionCookie(ctx, await signInWithCode(ctx, { email, code, ...(await readVisitor()) }));
  redirect(safeReturnPath(returnTo));
});
