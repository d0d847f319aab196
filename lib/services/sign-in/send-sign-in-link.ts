import { createElement } from "react";
import { SignInLink } from "@/emails/sign-in-link";
import { AppError } from "@/lib/app-error";
import { SIGN_IN_LINK_MINUTES } from "@/lib/auth/auth-options";
import type { Context } from "@/lib/context";
import { newId } from "@/lib/new-id";
import { issueSignInLink } from "./issue-sign-in-link";

/** Mails one address can be sent, whoever asks. */
const PER_ADDRESS = { name: "sign-in-address", limit: 5, windowSeconds: 15 * 60 };
/** Mails one visitor can cause, to whatever addresses. */
const PER_VISITOR = { name: "sign-in-visitor", limit: 30, windowSeconds: 15 * 60 };

/**
 * Mails a sign-in link. Says the same whether or not the address is known here.
 * @throws AppError `rate_limited`; `internal` when the mail service refuses.
 */
export async function sendSignInLink(
  ctx: Context,
  input: { email: string; returnTo: string; visitor: string },
): Promise<void> {
  const email = input.email.toLowerCase();
  for (const [rule, key] of [
    [PER_ADDRESS, email],
    [PER_VISITOR, input.visitor],
  ] as const) {
    const { allowed, retryAfterSeconds } = await ctx.rateLimiter.check(rule, key);
    if (!allowed) {
      throw new AppError(
        "rate_limited",
        `Too many links were asked for. Please wait ${Math.ceil(retryAfterSeconds / 60)} minutes.`,
        {
          retryAfterSeconds,
        },
      );
    }
  }
  const url = await issueSignInLink(ctx, { email, returnTo: input.returnTo });
  await ctx.email.send({
    to: email,
    subject: "Your sign-in link",
    body: createElement(SignInLink, { url, validMinutes: SIGN_IN_LINK_MINUTES }),
    idempotencyKey: newId(),
  });
}
