import { randomBytes } from "node:crypto";
import { createElement } from "react";
import { ConfirmEmailChange } from "@/emails/confirm-email-change";
import { EmailAddressTaken } from "@/emails/email-address-taken";
import { AppError } from "@/lib/app-error";
import { hashToken } from "@/lib/auth/hash-token";
import type { Context } from "@/lib/context";
import { isDemoAddress } from "@/lib/domain/demo-account";
import { newId } from "@/lib/new-id";
import { checkRate } from "@/lib/services/sign-in/check-rate";

export const EMAIL_CHANGE_HOURS = 24;
/** Changes one person can ask for. */
const PER_USER = { name: "email-change-user", limit: 5, windowSeconds: 60 * 60 };
/** Mails one address can be sent so, whoever asks. */
const PER_ADDRESS = { name: "email-change-address", limit: 5, windowSeconds: 60 * 60 };

/**
 * Asks both addresses to confirm a change; it takes the place of one that was under way. Whether the new address has
 * an account here is told to that address alone: the answer, the rows and the number of mails are the same.
 * @param newEmail as `EmailAddress` gives it.
 * @throws AppError `invalid_request`, `rate_limited`; `internal` when the mail service refuses.
 */
export async function requestEmailChange(
  ctx: Pick<Context, "db" | "env" | "email" | "rateLimiter">,
  { userId, newEmail }: { userId: string; newEmail: string },
): Promise<void> {
  const { email: oldEmail } = await ctx.db.user.findUniqueOrThrow({ where: { id: userId } });
  if (newEmail === oldEmail) throw refuse("This is your address already.");
  if (isDemoAddress(oldEmail) || isDemoAddress(newEmail)) throw refuse("Demo accounts keep their addresses.");
  await checkRate(ctx, {
    what: "Too many changes were asked for.",
    limits: [
      [PER_USER, userId],
      [PER_ADDRESS, newEmail],
    ],
  });
  const tokens = { old: randomBytes(32).toString("hex"), new: randomBytes(32).toString("hex") };
  const isTaken = await record(ctx, { userId, newEmail, tokens });

  const validHours = EMAIL_CHANGE_HOURS;
  const linkOf = (token: string) => `${ctx.env.appUrl}/confirm-email?token=${token}`;
  const askOf = (recipient: "old" | "new") =>
    createElement(ConfirmEmailChange, {
      url: linkOf(tokens[recipient]),
      oldEmail,
      newEmail,
      recipient,
      validHours,
    });
  const subject = "Confirm your new e-mail address";
  await ctx.email.send({ to: oldEmail, subject, body: askOf("old"), idempotencyKey: newId() });
  await ctx.email.send(
    isTaken
      ? {
          to: newEmail,
          subject: "This address has an account already",
          body: createElement(EmailAddressTaken, { signInUrl: `${ctx.env.appUrl}/sign-in` }),
          idempotencyKey: newId(),
        }
      : { to: newEmail, subject, body: askOf("new"), idempotencyKey: newId() },
  );
}

/** @returns whether the address has an account; then nobody is ever given the new address's token. */
async function record(
  ctx: Pick<Context, "db">,
  change: { userId: string; newEmail: string; tokens: { old: string; new: string } },
): Promise<boolean> {
  const { userId, newEmail, tokens } = change;
  return ctx.db.$transaction(async (transaction) => {
    // One change a person, also of two asked for at once.
    await transaction.$queryRaw`select 1 from users where id = ${userId}::uuid for update`;
    await transaction.emailChange.deleteMany({ where: { userId } });
    const createdAt = new Date();
    await transaction.emailChange.create({
      data: {
        id: newId(),
        userId,
        newEmail,
        oldTokenHash: hashToken(tokens.old),
        newTokenHash: hashToken(tokens.new),
        expiresAt: new Date(createdAt.getTime() + EMAIL_CHANGE_HOURS * 3_600_000),
        createdAt,
      },
    });
    return (await transaction.user.count({ where: { email: newEmail } })) > 0;
  });
}

function refuse(message: string): AppError {
  return new AppError("invalid_request", message, { fields: [{ field: "email", message }] });
}
