import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { CreditSource } from "@/lib/db/generated/enums";
import { query } from "@/lib/db/query";
import { newId } from "@/lib/new-id";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { announceUsage } from "@/lib/services/edge/announce-usage";

export type PostedCredits = {
  /** Credits that moved: less than was asked for where a clawback found less. */
  amount: number;
  balance: number;
  /** Posted by an earlier call with this key; nothing was changed now. */
  isReplay: boolean;
};

type Posting = {
  customerId: string;
  /** The business key: what it is posted for, built from ids. The same one again changes nothing. */
  key: string;
  /** Whole credits, more than none. */
  credits: number;
  reason?: string;
};

/**
 * Gives a customer credits, as one lot. What the customer owes is paid first. (S1-20)
 * @param input.expiresAt null = never.
 * @param input.reference what they are for, so that giving the payment back takes these.
 * @throws AppError `not_found`; `invalid_request`; `idempotency_mismatch` when the key was used for another amount.
 */
export async function grantCredits(
  ctx: Pick<Context, "db" | "now">,
  input: Posting & {
    source: CreditSource;
    expiresAt: Date | null;
    reference?: string;
    kind?: "grant" | "refund" | "adjustment";
  },
): Promise<PostedCredits> {
  return post(ctx, { ...input, kind: input.kind ?? "grant", amount: input.credits });
}

/**
 * Takes credits back: those of the payment in `reference` first, then others. What has been spent already is owed if the
 * catalogue says so, and let go otherwise; what open holds keep is taken too, and their commit then finds less.
 * @throws AppError as `grantCredits`.
 */
export async function clawBackCredits(
  ctx: Pick<Context, "db" | "now">,
  input: Posting & { reference?: string; kind?: "clawback" | "adjustment" },
): Promise<PostedCredits> {
  return post(ctx, {
    ...input,
    kind: input.kind ?? "clawback",
    amount: -input.credits,
    source: null,
    expiresAt: null,
  });
}

type Entry = Posting & {
  kind: "grant" | "refund" | "adjustment" | "clawback";
  amount: number;
  source: CreditSource | null;
  expiresAt: Date | null;
  reference?: string;
};

async function post(ctx: Pick<Context, "db" | "now">, entry: Entry): Promise<PostedCredits> {
  if (!Number.isSafeInteger(entry.credits) || entry.credits < 1) {
    throw new AppError("invalid_request", "The credits are not a number that can be posted.", {
      fields: [{ field: "credits", message: "must be a whole number from 1 to 9007199254740991" }],
    });
  }
  const { policy } = await getCatalogue(ctx);
  const [row] = await query<{ outcome: string; posted: string | null; balance: string | null }>(
    ctx.db,
    "select outcome, posted, balance from post_credits($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text[]::credit_source[], $11, $12)",
    [
      entry.customerId,
      entry.kind,
      entry.amount,
      entry.key,
      newId(),
      entry.source,
      entry.expiresAt,
      entry.reference ?? null,
      entry.reason ?? null,
      policy.drawDown,
      policy.uncovered === "debt",
      ctx.now,
    ],
  );
  switch (row?.outcome) {
    case "posted":
    case "replayed":
      announceUsage(ctx, entry.customerId);
      return {
        amount: Number(row.posted),
        balance: Number(row.balance),
        isReplay: row.outcome === "replayed",
      };
    case "mismatch":
      throw new AppError("idempotency_mismatch", "This key was used before for another amount of credits.", {
        fields: [{ field: "key", message: "was used before for another posting" }],
      });
    default:
      throw new AppError("not_found", "There is no such customer.");
  }
}
