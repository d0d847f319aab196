import type { Db } from "@/lib/db/client";
import { query } from "@/lib/db/query";
import { reconcile } from "@/lib/services/reconciliation/reconcile";
import { injectDrift, KINDS_OF_DRIFT } from "@/local/testing/inject-drift";
import { seededRandom } from "@/local/testing/seeded-random";
import type { Proof } from "./proof";
import { claim, openProofWorld, PROOF_NOW } from "./proof-world";

const CUSTOMERS = 100_000;
const DRIFTS = 10_000;

/** 10,000 drifts among 100,000 customers. */
export const driftsAreRepaired: Proof = {
  id: "R9",
  promise: "reconciliation repairs all, once, and never upwards",
  async run({ seed, note }) {
    const random = seededRandom(seed);
    const world = await openProofWorld();
    try {
      const { db } = world;
      note(`making ${CUSTOMERS} customers`);
      const events = await makeCustomers(db);
      note(`${events} events; comparing them all`);
      const clean = await timed(() => reconcile({ db }, { repairs: true }));
      claim(clean.value?.drifts === 0 && clean.value.checked === CUSTOMERS, "what is right has no drift");

      note(`${clean.seconds.toFixed(1)} s without drifts; injecting ${DRIFTS}`);
      const customers = await query<{ id: string }>(db, "select id from customers order by id", []);
      const spoiled = new Set<string>();
      let injected = 0;
      while (injected < DRIFTS) {
        const id = customers[random.int(0, customers.length - 1)]?.id ?? "";
        if (spoiled.has(id)) continue;
        const found = await injectDrift(db, random, { kind: random.pick(KINDS_OF_DRIFT), customerIds: [id] });
        if (!found) continue;
        spoiled.add(id);
        injected += 1;
      }
      const before = await spendable(db);
      claim(before.above > 0, "some drifts let too much be spent");
      const dry = await reconcile({ db }, { repairs: false });
      claim(dry?.drifted === DRIFTS, "every customer who was spoiled has drifted, and nobody else");
      note(`${dry?.drifted} customers have drifted; repairing`);
      const first = await timed(() => reconcile({ db }, { repairs: true }));
      claim(
        first.value?.drifted === dry?.drifted && first.value?.repaired === first.value?.drifts,
        "the first run repairs all",
      );
      const after = await spendable(db);
      claim(after.above === 0, "no balance is above its ledger");
      const second = await reconcile({ db }, { repairs: true });
      claim(second?.drifts === 0, "the second run finds none");
      const { units, credits, moneyMinor, drifts } = first.value ?? {};
      return `${CUSTOMERS} customers, ${events} events, ${injected} drifts injected (${drifts} numbers in ${first.value?.drifted} customers: ${units} units, ${credits} credits, ${moneyMinor} minor units): first run repaired all in ${first.seconds.toFixed(1)} s, second none, 0 balances above the ledger (${before.above} before); a run that finds nothing takes ${clean.seconds.toFixed(1)} s (B15: at most 60 s)`;
    } finally {
      await world.close();
    }
  },
};

/** Customers who could spend more credits than their ledger and their open holds leave them. */
async function spendable(db: Db): Promise<{ above: number }> {
  const [row] = await query<{ above: string }>(
    db,
    `select count(*) as above from customer_balances b
     left join (select customer_id, sum(amount) as credits from credit_entries group by 1) e using (customer_id)
     left join (select customer_id, sum(credits) as held from reservations where state = 'held' group by 1) h using (customer_id)
     where b.credits - b.credits_held > coalesce(e.credits, 0) - coalesce(h.held, 0)`,
    [],
  );
  return { above: Number(row?.above) };
}

async function timed<Value>(work: () => Promise<Value>): Promise<{ value: Value; seconds: number }> {
  const startedAt = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - startedAt) / 1_000 };
}

/**
 * Customers as years of use leave them, made in sets: a grant, up to twelve uses paid by allowance and credits, an
 * open hold for every fifth, overage for every tenth. What is derived is computed here on its own, from the same
 * numbers, not from the facts.
 */
async function makeCustomers(db: Db): Promise<number> {
  const at = PROOF_NOW.toISOString();
  const run = (sql: string) => query(db, sql, []);
  await run(`select ensure_usage_partition('${at}')`);
  for (let first = 0; first < CUSTOMERS; first += 10_000) {
    await run(`
      insert into customers (id, type, name, email, created_at)
      select md5('customer ' || n)::uuid, 'personal', 'Customer ' || n, n || '@proof.test', '${at}'
      from generate_series(${first}, ${first + 9_999}) n`);
    // Of each use two units by the allowance and one for three credits.
    await run(`
      create table made as
      select n, md5('customer ' || n)::uuid as customer_id, n * 7 % 13 as uses, (n % 5 = 0)::integer as holds,
             case when n % 10 = 0 then n % 7 + 1 else 0 end as overage, md5('lot ' || n)::uuid as lot_id
      from generate_series(${first}, ${first + 9_999}) n`);
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
