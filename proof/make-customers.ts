import type { Db } from "@/lib/db/client";
import { query } from "@/lib/db/query";
import { PROOF_NOW } from "./proof-world";

/**
 * Customers as years of use leave them, made in sets: a grant, up to twelve uses paid by allowance and credits, an
 * open hold for every fifth, overage for every tenth. What is derived is computed here on its own, from the same
 * numbers, not from the facts.
 * @returns how many usage events that came to.
 */
export async function makeCustomers(db: Db, customers: number): Promise<number> {
  const at = PROOF_NOW.toISOString();
  const run = (sql: string) => query(db, sql, []);
  await run(`select ensure_usage_partition('${at}')`);
  for (let first = 0; first < customers; first += 10_000) {
    const last = Math.min(first + 10_000, customers) - 1;
    await run(`
      insert into customers (id, type, name, email, created_at)
      select md5('customer ' || n)::uuid, 'personal', 'Customer ' || n, n || '@proof.test', '${at}'
      from generate_series(${first}, ${last}) n`);
    // Of each use two units by the allowance and one for three credits.
    await run(`
      create table made as
      select n, md5('customer ' || n)::uuid as customer_id, n * 7 % 13 as uses, (n % 5 = 0)::integer as holds,
             case when n % 10 = 0 then n % 7 + 1 else 0 end as overage, md5('lot ' || n)::uuid as lot_id
      from generate_series(${first}, ${last}) n`);
    await run(`
      insert into credit_lots (customer_id, id, source, granted, remaining, expires_at, granted_at)
      select customer_id, lot_id, 'purchased', 1000, 1000 - 3 * uses, case when n % 3 = 0 then timestamptz '2027-03-10' end, '${at}' from made`);
    await run(`
      insert into credit_entries (customer_id, sequence, kind, amount, balance_after, key, lot_ids, lot_amounts, occurred_at)
      select customer_id, 1, 'grant'::credit_entry_kind, 1000, 1000, 'grant', array[lot_id], array[1000], '${at}'::timestamptz from made
      union all
      select customer_id, 1 + u, 'spend', -3, 1000 - 3 * u, 'use ' || u, array[lot_id], array[-3], '${at}'
      from made cross join lateral generate_series(1, uses) u`);
    await run(`
      update customer_balances b set credits = 1000 - 3 * m.uses, credits_held = 6 * m.holds, entry_sequence = 1 + m.uses,
        next_expiry_at = case when m.n % 3 = 0 then timestamptz '2027-03-10' end
      from made m where b.customer_id = m.customer_id`);
    await run(`
      insert into reservations (customer_id, id, key, meter_key, quantity, windows, window_starts, window_users, window_limits,
                                window_routes, credits_per_unit, overage_period_start, overage_plan_version_id, overage_cap_minor,
                                allowance_units, credit_units, credits, overage_units, used_quantity, state, created_at, expires_at, settled_at)
      select m.customer_id, md5('use ' || m.n || ' ' || u)::uuid, 'use ' || u, 'ai_requests',
             case when u = 0 then 3 when u > m.uses then m.overage else 3 end,
             '{day,month}', array['2026-03-10', '2026-03-01']::timestamptz[], array[nobody(), nobody()], '{3,-1}', '{1,3}', 3,
             case when u > m.uses then '2026-03-01'::timestamptz end, case when u > m.uses then v.id end, case when u > m.uses then 90000 end,
             case when u = 0 then 1 when u > m.uses then 0 else 2 end, case when u = 0 then 2 when u > m.uses then 0 else 1 end,
             case when u = 0 then 6 when u > m.uses then 0 else 3 end, case when u > m.uses then m.overage else 0 end,
             case when u = 0 then null when u > m.uses then m.overage else 3 end,
             case when u = 0 then 'held' else 'committed' end::reservation_state, '${at}', '${at}',
             case when u = 0 then null else '${at}'::timestamptz end
      from made m
      cross join (select current_version_id as id from plans where slug = 'community-pro') v
      cross join lateral generate_series(1 - m.holds, m.uses + (m.overage > 0)::integer) u`);
    await run(`
      insert into usage_events (customer_id, occurred_at, id, reservation_id, meter_key, quantity, allowance_units, credit_units,
                                overage_units, credits, credit_sequence, windows, window_starts, details)
      select r.customer_id, '${at}', md5(r.id::text)::uuid, r.id, r.meter_key, r.used_quantity, r.allowance_units, r.credit_units,
             r.overage_units, r.credits, null, r.windows, r.window_starts, '{}'
      from reservations r join made m using (customer_id) where r.state = 'committed'`);
    await run(`
      insert into usage_counters (customer_id, meter_key, "window", window_start, window_end, used, held, credit_units, overage_units, credits)
      select customer_id, 'ai_requests', w.name::allowance_window, w.starts_at, w.ends_at, 2 * uses, holds, uses, overage, 3 * uses
      from made cross join (values ('day', '2026-03-10'::timestamptz, '2026-03-11'::timestamptz), ('month', '2026-03-01', '2026-04-01'))
        as w (name, starts_at, ends_at)`);
    await run(`
      insert into overage_lines (customer_id, meter_key, period_start, plan_version_id, subscription_id, period_end, currency,
                                 tier_starts, tier_amounts_minor, used, held, amount_minor)
      select m.customer_id, 'ai_requests', '2026-03-01', v.id, 'sub_' || m.n, '2026-04-01', 'usd', '{1,4}', '{20,15}', m.overage, 0,
             m.overage * case when m.overage >= 4 then 15 else 20 end
      from made m cross join (select current_version_id as id from plans where slug = 'community-pro') v where m.overage > 0`);
    await run("drop table made");
  }
  await run("analyze");
  const [row] = await query<{ count: string }>(db, "select count(*) from usage_events", []);
  return Number(row?.count);
}
