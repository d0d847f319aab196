import type { Db } from "@/lib/db/client";
import { query } from "@/lib/db/query";
import type { SeededRandom } from "./seeded-random";

/** What may go wrong with a number that is derived. Each statement spoils one row of the customers in $1, by $2. */
const DRIFTS = {
  "more credits": "update customer_balances b set credits = credits + $2 where customer_id = any ($1)",
  "fewer credits": "update customer_balances b set credits = credits - $2 where customer_id = any ($1)",
  "more held": "update customer_balances b set credits_held = credits_held + $2 where customer_id = any ($1)",
  "nothing held":
    "update customer_balances b set credits_held = 0 where customer_id = any ($1) and credits_held > 0 and $2 > 0",
  "more owed": "update customer_balances b set debt = debt + $2 where customer_id = any ($1)",
  "an old sequence":
    "update customer_balances b set entry_sequence = entry_sequence - $2 where customer_id = any ($1)",
  "no expiry": `update customer_balances b set next_expiry_at = null where customer_id = any ($1) and $2 > 0 and exists (
    select 1 from credit_lots l where l.customer_id = b.customer_id and l.remaining > 0 and l.expires_at is not null)`,
  "a fuller lot": `update credit_lots l set remaining = granted where customer_id = any ($1) and remaining < granted and $2 > 0`,
  "an emptier lot":
    "update credit_lots l set remaining = greatest(0, remaining - $2) where customer_id = any ($1) and remaining > 0",
  "more used": "update usage_counters c set used = used + $2 where customer_id = any ($1)",
  "nothing used": "update usage_counters c set used = 0 where customer_id = any ($1) and used > 0 and $2 > 0",
  "more held units": "update usage_counters c set held = held + $2 where customer_id = any ($1)",
  "more by credits":
    "update usage_counters c set credit_units = credit_units + $2, credits = credits + $2 where customer_id = any ($1)",
  // One that the facts fill: a counter of nothing is none when it is gone, whatever another drift had made of it.
  "no counter": `delete from usage_counters c where customer_id = any ($1) and $2 > 0 and user_id = nobody() and exists (
    select 1 from usage_events e where e.customer_id = c.customer_id and e.meter_key = c.meter_key and e.allowance_units > 0
      and (c."window", c.window_start) in (select * from unnest(e.windows, e.window_starts)))`,
  "more overage": "update overage_lines l set used = used + $2 where customer_id = any ($1)",
  "dearer overage":
    "update overage_lines l set amount_minor = amount_minor + $2 where customer_id = any ($1)",
  "overage held": "update overage_lines l set held = held + $2 where customer_id = any ($1)",
} as const;

export type KindOfDrift = keyof typeof DRIFTS;
export const KINDS_OF_DRIFT = Object.keys(DRIFTS) as [KindOfDrift, ...KindOfDrift[]]; // the keys of what is above

/**
 * Spoils one row of one of these customers, as a bug or a careless hand would.
 * @returns the customer, or null when none of them has such a row.
 */
export async function injectDrift(
  db: Db,
  random: SeededRandom,
  { kind, customerIds }: { kind: KindOfDrift; customerIds: string[] },
): Promise<string | null> {
  const [statement = "", ...rest] = DRIFTS[kind].split(" where ");
  const condition = rest.join(" where ");
  const table = /(?:update|delete from) (\w+) (\w)/.exec(statement);
  const sql = `${statement} where ctid = (select ctid from ${table?.[1]} ${table?.[2]} where ${condition} order by random_order limit 1)`;
  const rows = await query<{ customer_id: string }>(
    db,
    `${sql.replace("order by random_order", "order by md5(customer_id::text || $3)")} returning customer_id`,
    [customerIds, random.int(1, 40), String(random.int(1, 1_000_000))],
  );
  return rows[0]?.customer_id ?? null;
}
