import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { CreditSource } from "@/lib/db/generated/enums";
import { query } from "@/lib/db/query";

export type CreditLotState = {
  id: string;
  source: CreditSource;
  granted: number;
  remaining: number;
  /** Null = never. (S1-20) */
  expiresAt: Date | null;
  grantedAt: Date;
  /** What it was granted for. */
  reference: string | null;
};

export type Credits = {
  /** What is in the lots that have not expired, less what is owed. */
  balance: number;
  /** What open holds keep of it; `available` is what else may be spent, never less than nothing. */
  held: number;
  available: number;
  debt: number;
  /** Those with something left, the one that expires first first. */
  lots: CreditLotState[];
};

type LotRow = {
  id: string;
  source: CreditSource;
  granted: string;
  remaining: string;
  expires_at: Date | null;
  granted_at: Date;
  reference: string | null;
};

/**
 * A customer's credits at `ctx.now`. Expiry is decided here, by the clock, whether or not its entry has been posted:
 * what has expired and no open hold keeps alive is not there any more.
 * @throws AppError `not_found`.
 */
export async function getCredits(
  ctx: Pick<Context, "db" | "now">,
  { customerId }: { customerId: string },
): Promise<Credits> {
  const [balance] = await query<{ credits: string; held: string; debt: string; expired: string }>(
    ctx.db,
    `select b.credits, b.credits_held as held, b.debt,
       expired_credits(b.customer_id, b.credits, b.credits_held, $2) as expired
     from customer_balances b where b.customer_id = $1`,
    [customerId, ctx.now],
  );
  if (!balance) throw new AppError("not_found", "There is no such customer.");
  const lots = await query<LotRow>(
    ctx.db,
    `select l.id, l.source, l.granted, l.remaining, l.expires_at, l.granted_at, l.reference
     from credit_lots l
     where l.customer_id = $1 and l.remaining > 0 and (l.expires_at is null or l.expires_at > $2)
     order by l.expires_at nulls last, l.granted_at, l.id`,
    [customerId, ctx.now],
  );
  const credits = Number(balance.credits) - Number(balance.expired);
  const held = Number(balance.held);
  return {
    balance: credits,
    held,
    available: Math.max(0, credits - held),
    debt: Number(balance.debt),
    lots: lots.map((lot) => ({
      id: lot.id,
      source: lot.source,
      granted: Number(lot.granted),
      remaining: Number(lot.remaining),
      expiresAt: lot.expires_at,
      grantedAt: lot.granted_at,
      reference: lot.reference,
    })),
  };
}
