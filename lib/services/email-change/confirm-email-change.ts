import { createElement } from "react";
import { EmailAddressChanged } from "@/emails/email-address-changed";
import { AppError } from "@/lib/app-error";
import { hashToken } from "@/lib/auth/hash-token";
import type { Context } from "@/lib/context";
import type { DbTransaction } from "@/lib/db/client";
import type { EmailChange } from "@/lib/db/generated/client";
import { isUniqueViolation } from "@/lib/db/is-unique-violation";
import { newId } from "@/lib/new-id";
import { queueCustomerUpdate } from "@/lib/services/customers/queue-customer-update";

/** `waiting`: the other address has not confirmed yet. */
export type EmailChangeOutcome =
  | { state: "waiting" }
  | { state: "changed"; oldEmail: string; newEmail: string };

/**
 * One address confirms. With the second the change happens, all of it or nothing: the person's address, their personal
 * customer's, here and at Stripe; the sessions elsewhere end, and so do links mailed to the old address.
 * @param currentSessionId the session in whose browser the button was pressed, if any; it stays.
 * @throws AppError `not_found` for a link that is over; `conflict` when the new address got an account meanwhile;
 *   `internal` when the old address could not be told, after the change.
 */
export async function confirmEmailChange(
  ctx: Pick<Context, "db" | "email">,
  { token, currentSessionId }: { token: string; currentSessionId: string | null },
): Promise<EmailChangeOutcome> {
  const outcome = await confirm(ctx, hashToken(token), currentSessionId);
  if (outcome.state === "changed") {
    await ctx.email.send({
      to: outcome.oldEmail,
      subject: "Your e-mail address was changed",
      body: createElement(EmailAddressChanged, { newEmail: outcome.newEmail }),
      idempotencyKey: newId(),
    });
  }
  return outcome;
}

async function confirm(
  ctx: Pick<Context, "db">,
  hash: string,
  currentSessionId: string | null,
): Promise<EmailChangeOutcome> {
  try {
    return await ctx.db.$transaction(async (transaction) => {
      const change = await noteConfirmation(transaction, hash);
      if (!change.oldConfirmedAt || !change.newConfirmedAt) return { state: "waiting" };
      return apply(transaction, change, currentSessionId);
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError(
      "conflict",
      "The new address has an account of its own by now, so nothing was changed. Sign in with it, or choose another.",
    );
  }
}

/** Locks the row: of two addresses that confirm at once, the second sees the first. */
async function noteConfirmation(transaction: DbTransaction, hash: string): Promise<EmailChange> {
  const [locked] = await transaction.$queryRaw<{ id: string }[]>`
    select id from email_changes
    where (old_token_hash = ${hash} or new_token_hash = ${hash}) and expires_at > ${new Date()} for update`;
  if (!locked) {
    throw new AppError(
      "not_found",
      "This link has expired, was replaced by a newer one, or the change has happened already.",
    );
  }
  const where = { id: locked.id };
  const { oldTokenHash } = await transaction.emailChange.findUniqueOrThrow({ where });
  const side = oldTokenHash === hash ? "oldConfirmedAt" : "newConfirmedAt";
  return transaction.emailChange.update({ where, data: { [side]: new Date() } });
}

async function apply(
  transaction: DbTransaction,
  { userId, newEmail }: EmailChange,
  currentSessionId: string | null,
): Promise<EmailChangeOutcome> {
  const { email: oldEmail } = await transaction.user.findUniqueOrThrow({ where: { id: userId } });
  await transaction.user.update({
    where: { id: userId },
    data: { email: newEmail, emailVerified: new Date() },
  });
  const customers = await transaction.customer.findMany({
    where: { type: "personal", members: { some: { userId } } },
  });
  for (const { id, name } of customers) {
    // Who gave no name is called by their address.
    const data = { email: newEmail, name: name === oldEmail ? newEmail : name };
    await queueCustomerUpdate(transaction, await transaction.customer.update({ where: { id }, data }));
  }
  await transaction.emailChange.deleteMany({ where: { userId } });
  await transaction.verificationToken.deleteMany({ where: { identifier: oldEmail } });
  await transaction.session.deleteMany({
    where: { userId, ...(currentSessionId ? { id: { not: currentSessionId } } : {}) },
  });
  return { state: "changed", oldEmail, newEmail };
}
