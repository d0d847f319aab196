import type { Context } from "@/lib/context";
import type { DbTransaction } from "@/lib/db/client";
import { addMonths, windowAt } from "@/lib/domain/period";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { readCustomerFacts } from "@/lib/services/entitlements/customer-facts";
import type { Drift } from "./find-drifts";

const DAY_MS = 86_400_000;

type DriftOf<Kind extends Drift["kind"]> = Extract<Drift, { kind: Kind }>;

/**
 * Which of these can be set to what the facts say. Not where the ledger contradicts itself: what is missing there may
 * have been a spend, and nothing is to make more spendable than was. Nor a lot or a line of overage whose row has gone:
 * the facts know its numbers, not its terms. Those are left for a person.
 */
export function repairable(drifts: Drift[]): Drift[] {
  const broken = new Set(drifts.filter(({ kind }) => kind === "ledger").map(({ customerId }) => customerId));
  return drifts.filter((drift) => {
    const ofLedger = ["ledger", "balance", "lot", "expiry"].includes(drift.kind);
    if (ofLedger && broken.has(drift.customerId)) return false;
    return drift.stored !== null || drift.kind === "counter" || drift.kind === "expiry";
  });
}

/** Sets what drifted to the truth. The caller holds the customers' balance rows and found the drifts under that lock. */
export async function writeTruth(
  ctx: Pick<Context, "db">,
  tx: DbTransaction,
  drifts: Drift[],
): Promise<void> {
  const missing = drifts.filter((drift) => drift.kind === "counter").filter(({ stored }) => stored === null);
  await insertCounters(ctx, tx, missing);
  const present = drifts.filter((drift) => drift.stored !== null || drift.kind === "expiry");
  for (const same of Map.groupBy(present, ({ kind, field }) => `${kind}.${field}`).values()) {
    await setField(tx, same);
  }
}

/** All of one kind and field. Field names come from the type of a drift, never from input. */
async function setField(tx: DbTransaction, drifts: Drift[]): Promise<void> {
  const [first] = drifts;
  if (!first) return;
  const customers = drifts.map(({ customerId }) => customerId);
  const truths = drifts.map(({ truth }) => truth);
  switch (first.kind) {
    case "balance":
      await tx.$executeRawUnsafe(
        `update customer_balances b set ${first.field} = d.truth
         from unnest($1::uuid[], $2::bigint[]) as d (customer_id, truth) where b.customer_id = d.customer_id`,
        customers,
        truths,
      );
      return;
    case "expiry":
      await tx.$executeRaw`
        update customer_balances b set next_expiry_at = to_timestamp(d.truth / 1000.0)
        from unnest(${customers}::uuid[], ${truths}::bigint[]) as d (customer_id, truth)
        where b.customer_id = d.customer_id`;
      return;
    case "lot": {
      const lots = ofKind(drifts, "lot").map(({ lotId }) => lotId);
      await tx.$executeRaw`
        update credit_lots l set remaining = d.truth
        from unnest(${customers}::uuid[], ${lots}::uuid[], ${truths}::bigint[]) as d (customer_id, id, truth)
        where l.customer_id = d.customer_id and l.id = d.id`;
      return;
    }
    case "counter": {
      const own = ofKind(drifts, "counter");
      await tx.$executeRawUnsafe(
        `update usage_counters c set ${first.field} = d.truth, version = c.version + 1
         from unnest($1::uuid[], $2::text[], $3::text[]::allowance_window[], $4::uuid[], $5::timestamptz[], $6::bigint[])
           as d (customer_id, meter, "window", user_id, start, truth)
         where c.customer_id = d.customer_id and c.meter_key = d.meter and c."window" = d."window"
           and c.user_id = d.user_id and c.window_start = d.start`,
        customers,
        own.map(({ meter }) => meter),
        own.map(({ window }) => window),
        own.map(({ userId }) => userId),
        own.map(({ start }) => start),
        truths,
      );
      return;
    }
    case "overage": {
      const own = ofKind(drifts, "overage");
      await tx.$executeRawUnsafe(
        `update overage_lines l set ${first.field} = d.truth
         from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::uuid[], $5::bigint[])
           as d (customer_id, meter, period_start, plan_version_id, truth)
         where l.customer_id = d.customer_id and l.meter_key = d.meter and l.period_start = d.period_start
           and l.plan_version_id = d.plan_version_id`,
        customers,
        own.map(({ meter }) => meter),
        own.map(({ periodStart }) => periodStart),
        own.map(({ planVersionId }) => planVersionId),
        truths,
      );
      return;
    }
    case "ledger":
      throw new Error("the ledger is what others are repaired from");
  }
}

/**
 * A counter whose row has gone would let its limit be used a second time. When its window ends is said by the window that
 * was begun after it, else by the customer's anchor; and as that may have changed since, it lasts a whole day or month.
 */
async function insertCounters(
  ctx: Pick<Context, "db">,
  tx: DbTransaction,
  missing: DriftOf<"counter">[],
): Promise<void> {
  if (missing.length === 0) return;
  const catalogue = await getCatalogue(ctx);
  const rows = Map.groupBy(missing, ({ customerId, meter, window, userId, start }) =>
    [customerId, meter, window, userId, start.getTime()].join(),
  );
  for (const fields of rows.values()) {
    const [counter] = fields;
    if (!counter) continue;
    const { customerId, meter, window, userId, start } = counter;
    const { anchor } = await readCustomerFacts(ctx, catalogue, customerId);
    const whole = {
      day: new Date(start.getTime() + DAY_MS),
      month: addMonths(start, 1),
      period: start,
      lifetime: start,
    };
    const end = new Date(Math.max(windowAt(window, anchor, start).end.getTime(), whole[window].getTime()));
    const truth = Object.fromEntries(fields.map((drift) => [drift.field, drift.truth]));
    await tx.$executeRaw`
      insert into usage_counters (customer_id, meter_key, "window", user_id, window_start, window_end, used, held,
                                  credit_units, overage_units, uncovered_units, credits, version)
      select ${customerId}::uuid, ${meter}, ${window}::allowance_window, ${userId}::uuid, ${start}::timestamptz,
             least(${end}::timestamptz, (
               select min(c.window_start) from usage_counters c
               where c.customer_id = ${customerId}::uuid and c.meter_key = ${meter} and c."window" = ${window}::allowance_window
                 and c.user_id = ${userId}::uuid and c.window_start > ${start}::timestamptz)),
             ${truth.used ?? 0}, ${truth.held ?? 0}, ${truth.credit_units ?? 0}, ${truth.overage_units ?? 0},
             ${truth.uncovered_units ?? 0}, ${truth.credits ?? 0}, 1`;
  }
}

function ofKind<Kind extends Drift["kind"]>(drifts: Drift[], kind: Kind): DriftOf<Kind>[] {
  return drifts.filter((drift): drift is DriftOf<Kind> => drift.kind === kind);
}
