import { createElement } from "react";
import { SignInLink } from "@/emails/sign-in-link";
import { SIGN_IN_LINK_MINUTES } from "@/lib/auth/auth-options";
import type { Context } from "@/lib/context";
import { EmailAddress } from "@/lib/domain/email-address";
import { newId } from "@/lib/new-id";
import { checkRate } from "./check-rate";
import { issueSignInLink } from "./issue-sign-in-link";

/** Mails one address can be sent, whoever asks. */
const PER_ADDRESS = { name: "sign-in-address", limit: 5, windowSeconds: 15 * 60 };
/** Mails one visitor can cause, to whatever addresses. */
const PER_VISITOR = { name: "sign-in-visitor", limit: 30, windowSeconds: 15 * 60 };

/**
 * Mails a sign-in link and a code. Says the same whether or not the address is known here.
 * @throws AppError `rate_limited`; `internal` when the mail service refuses.
 */
export async function sendSignInLink(
  ctx: Context,
  input: { email: string; returnTo: string; visitor: string },
): Promise<void> {
  const email = EmailAddress.parse(input.email);
  await checkRate(ctx, {
    what: "Too many links were asked for.",
    limits: [
      [PER_ADDRESS, email],
      [PER_VISITOR, input.visitor],
    ],
  });
  const { url, code } = await issueSignInLink(ctx, { email, returnTo: input.returnTo });
  await ctx.email.send({
    to: email,
    subject: "Your sign-in link",
    body: createElement(SignInLink, { url, code, validMinutes: SIGN_IN_LINK_MINUTES }),
    idempotencyKey: newId(),
  });
}
