"use server";

import { z } from "zod";
import { publicAction } from "@/lib/http/actions";
import { confirmEmailChange } from "@/lib/services/email-change/confirm-email-change";

/** Confirms a change for the address the token was mailed to; the token is the right to, signed in or not. */
export const confirmEmailChangeAction = publicAction(
  z.strictObject({ token: z.string().min(1).max(200) }),
  async (ctx, { viewer, input }) => {
    const outcome = await confirmEmailChange(ctx, {
      token: input.token,
      currentSessionId: viewer?.sessionId ?? null,
    });
    const message =
      outcome.state === "changed"
        ? `Done: your account is reached at ${outcome.newEmail} from now on. Other devices are signed out.`
        : "Thank you. It happens as soon as the other address has confirmed it, too.";
    return { ok: true, message, fields: [], code: null };
  },
);
