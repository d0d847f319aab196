"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { EmailAddress } from "@/lib/domain/email-address";
import { OAUTH_PROVIDERS } from "@/lib/domain/oauth-provider";
import { customerAction } from "@/lib/http/actions";
import { requestEmailChange } from "@/lib/services/email-change/request-email-change";
import { disconnectSignInMethod } from "@/lib/services/sign-in/disconnect-sign-in-method";

const PAGE = "/account/security";

/** Answers the same whether or not the new address has an account. */
export const requestEmailChangeAction = customerAction(
  z.strictObject({ email: EmailAddress }),
  () => PAGE,
  async (ctx, { viewer, input }) => {
    await requestEmailChange(ctx, { userId: viewer.userId, newEmail: input.email });
    revalidatePath(PAGE);
    const message = `We sent a mail to ${viewer.email} and one to ${input.email}. Confirm in both; until then nothing changes.`;
    return { ok: true, message, fields: [], code: null };
  },
);

export const disconnectSignInMethodAction = customerAction(
  z.strictObject({ provider: z.enum(OAUTH_PROVIDERS) }),
  () => PAGE,
  async (ctx, { viewer, input }) => {
    await disconnectSignInMethod(ctx, { userId: viewer.userId, provider: input.provider });
    revalidatePath(PAGE);
    return undefined;
  },
);
