import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { query } from "@/lib/db/query";
import { newId } from "@/lib/new-id";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { announceUsage } from "@/lib/services/edge/announce-usage";
import {
  forgetCustomer,
  type KnownCustomer,
  knownCustomer,
  resolvedEntitlements,
} from "@/lib/services/entitlements/known-facts";
import { type LevelTerms, levelTerms } from "./level-terms";
import { limitReachedError } from "./limit-reached-error";
import type { Level } from "./list-levels";

/** What the level is to be, or by how much it is to rise or, below zero, to fall. */
export type LevelRequest = { level: number } | { delta: number };

export type ChangedLevel = Level & {
  /** What this change made of it; `id` is its reservation's, which the usage event names. */
  change: { id: string; from: number; to: number };
  /** Made by an earlier call with this key. */
  isReplay: boolean;
};

/** As many stale answers in a row as the engine bears. */
const MOST_STALE_ANSWERS = 5;

/**
 * Sets the level of a gauge meter, or changes it: in one decision of the database, which raises it to the limit at most
 * and lowers it to zero at most. Lowering is allowed above the limit too, where another plan had left it there. Each change
 * is a usage event, below zero where it lowers, so the level is always their sum. A repeated key changes nothing. (S0-53)
 * @param input.change whole numbers up to 2^53 − 1; a delta other than zero.
 * @throws AppError `limit_reached` as every use; `conflict` for less than zero; `invalid_request` for a meter that is not
 *   there or has no level; `idempotency_mismatch`; `not_found`.
 */
export async function changeLevel(
  ctx: Pick<Context, "db" | "now">,
  input: { customerId: string; meter: string; change: LevelRequest; key: string },
): Promise<ChangedLevel> {
  assertRequest(input.change);
  const { customerId } = input;
  for (let attempt = 1; attempt <= MOST_STALE_ANSWERS; attempt += 1) {
    const catalogue = await getCatalogue(ctx);
    const customer = await knownCustomer(ctx, catalogue, customerId);
    const terms = levelTerms(customer, input.meter, ctx.now);
    const answer = await askDatabase(ctx, { ...input, customer, terms });
    if (answer.outcome !== "stale") return toChangedLevel(ctx, { ...input, customer, terms, answer });
    forgetCustomer(ctx, customerId);
  }
  throw new Error(`facts of ${customerId} change faster than they are read`);
}

function assertRequest(change: LevelRequest): void {
  const isSetting = "level" in change;
  const value = isSetting ? change.level : change.delta;
  if (Number.isSafeInteger(value) && (isSetting ? value >= 0 : value !== 0)) return;
  const [field, message] = isSetting
    ? ["level", "must be a whole number from 0 to 9007199254740991"]
    : ["delta", "must be a whole number other than zero"];
  throw new AppError("invalid_request", "The level is not one that can be set.", {
    fields: [{ field, message }],
  });
}

type Asked = {
  customerId: string;
  meter: string;
  change: LevelRequest;
  key: string;
  customer: KnownCustomer;
  terms: LevelTerms;
};

type Answer =
  | { outcome: "stale" | "unknown_customer" }
  | ({ level: number; held: number } & (
      | { outcome: "changed" | "replayed"; id: string; from: number; to: number }
      | { outcome: "denied"; delta: number }
      | { outcome: "mismatch" | "below_zero" }
    ));

const CHANGE = "select change_level($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as answer";

/** Migration 20261121000010_levels says what it promises. */
async function askDatabase(
  { db, now }: Pick<Context, "db" | "now">,
  { customerId, meter, change, key, customer, terms }: Asked,
): Promise<Answer> {
  const { facts, catalogue } = customer;
  const { start, end, limit } = terms.window;
  const [row] = await query<{ answer: Answer }>(
    db,
    CHANGE,
    [
      customerId,
      facts.version,
      now,
      catalogue.policy.warnings.map(({ percent }) => percent),
      newId(),
      newId(),
      `level:${key}`,
      meter,
      "level" in change ? change.level : null,
      "delta" in change ? change.delta : null,
      start,
      end,
      limit,
    ],
    "change_level",
  );
  if (!row) throw new Error("change_level returned no row");
  return row.answer;
}

/** @throws AppError for every answer that is no. */
async function toChangedLevel(
  ctx: Pick<Context, "db" | "now">,
  { customerId, meter, change, customer, terms, answer }: Asked & { answer: Answer },
): Promise<ChangedLevel> {
  switch (answer.outcome) {
    case "changed":
    case "replayed": {
      announceUsage(ctx, customerId);
      const { outcome, id, from, to, level, held } = answer;
      const { limit } = terms.window;
      return {
        meter: terms.meter,
        level,
        held,
        limit,
        change: { id, from, to },
        isReplay: outcome === "replayed",
      };
    }
    case "denied": {
      const window = { ...terms.window, used: answer.level, held: answer.held, beyond: 0 };
      const entitlements = resolvedEntitlements(customer, ctx.now);
      const refused = { customerId, meter, quantity: answer.delta, windows: [window], entitlements };
      throw await limitReachedError(ctx, refused);
    }
    case "below_zero":
      throw new AppError("conflict", `The level is ${answer.level}: there is not so much to take away.`, {
        fields: [{ field: "delta", message: `must not be less than ${-answer.level}` }],
        extra: { meter, level: answer.level },
      });
    case "mismatch":
      throw new AppError(
        "idempotency_mismatch",
        "This idempotency key was used before for another meter or change.",
        { fields: [{ field: "idempotency_key", message: "was used before for another request" }] },
      );
    default:
      throw new AppError("not_found", "There is no such customer.", { detail: JSON.stringify(change) });
  }
}
