import type { DbTransaction } from "@/lib/db/client";

export type SignInToken = { identifier: string; token: string; expires: Date };

/**
 * Uses a sign-in mail up, and with it every other one the address was sent: its links and its codes. One statement,
 * so of all who come at once, with the same or with different mails, exactly one is given the token; the others null.
 * @param token as stored.
 */
export async function consumeSignInToken(
  db: DbTransaction,
  { identifier, token }: { identifier: string; token: string },
): Promise<SignInToken | null> {
  const used = await db.$queryRaw<SignInToken[]>`
    with mails as (
      select token from verification_tokens where identifier = ${identifier} order by token for update
    )
    delete from verification_tokens v using mails
    where v.token = mails.token and ${token} in (select token from mails)
    returning v.identifier, v.token, v.expires`;
  return used.find((row) => row.token === token) ?? null;
}
