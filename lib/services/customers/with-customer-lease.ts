import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { DbTransaction } from "@/lib/db/client";
import { newId } from "@/lib/new-id";

/** Longer than any one step under a lease: a call to Stripe ends after 10 s, repeated once. */
const LEASE_SECONDS = 60;
const POLL_MS = 25;

/** Held while working on a customer's billing. What it writes names the fence, so a slow holder loses to a newer. */
export type CustomerLease = { customerId: string; fence: bigint };

/**
 * Runs `work` as the only one working on this customer's billing, in any process. No transaction and no
 * database lock is held meanwhile, so `work` may call Stripe. Leases use the wall clock.
 * @throws AppError `conflict` when the lease is not free within `waitMs`.
 */
export async function withCustomerLease<Result>(
  ctx: Pick<Context, "db">,
  customerId: string,
  waitMs: number,
  work: (lease: CustomerLease) => Promise<Result>,
): Promise<Result> {
  const holder = newId();
  const deadline = Date.now() + waitMs;
  let fence = await takeLease(ctx, customerId, holder);
  while (fence === null) {
    if (Date.now() >= deadline) {
      throw new AppError(
        "conflict",
        "Another change to this account is still in progress. Please try again in a moment.",
        {
          detail: `lease of customer ${customerId} not free within ${waitMs} ms`,
          retryAfterSeconds: 2,
        },
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    fence = await takeLease(ctx, customerId, holder);
  }
  try {
    return await work({ customerId, fence });
  } finally {
    await ctx.db.customerLease.updateMany({
      where: { customerId, holder },
      data: { holder: null, expiresAt: null },
    });
  }
}

/**
 * Asserts, inside the transaction that writes, that nobody took the lease over; holds the row until commit.
 * @throws AppError `conflict` when somebody did: the writer's reading is older than theirs.
 */
export async function assertLeaseHeld(
  tx: DbTransaction,
  { customerId, fence }: CustomerLease,
): Promise<void> {
  const [row] = await tx.$queryRaw<{ fence: bigint }[]>`
    select fence from customer_leases where customer_id = ${customerId}::uuid for update`;
  if (row?.fence !== fence) {
    throw new AppError("conflict", "Another change to this account came first. Please try again.", {
      detail: `lease of customer ${customerId} lost: fence ${fence}, now ${row?.fence}`,
    });
  }
}

async function takeLease(
  ctx: Pick<Context, "db">,
  customerId: string,
  holder: string,
): Promise<bigint | null> {
  const now = new Date();
  const expiresAt = new Date(now.getTime() + LEASE_SECONDS * 1000);
  const rows = await ctx.db.$queryRaw<{ fence: bigint }[]>`
    insert into customer_leases as l (customer_id, fence, holder, expires_at)
    values (${customerId}::uuid, 1, ${holder}::uuid, ${expiresAt})
    on conflict (customer_id) do update
      set fence = l.fence + 1, holder = excluded.holder, expires_at = excluded.expires_at
      where l.holder is null or l.expires_at < ${now}
    returning fence`;
  return rows[0]?.fence ?? null;
}
