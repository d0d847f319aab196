import type { Db, DbTransaction } from "@/lib/db/client";
import type { AllowanceWindow } from "@/lib/domain/catalogue";

/**
 * A number that is not what the facts say. The facts are what only ever grows, and what is open: entries of the credit
 * ledger, usage events, reservations that are held. `stored` null = the row itself is missing.
 */
export type Drift = { customerId: string; stored: number | null; truth: number } & (
  | { kind: "balance"; field: "credits" | "credits_held" | "debt" | "entry_sequence" }
  /** Milliseconds since 1970: expired credits could be spent for as long as this is too late. */
  | { kind: "expiry"; field: "next_expiry_at" }
  /** The ledger contradicts itself or the events, or has lost its end, which no run can repair. */
  | { kind: "ledger"; field: "balance_after" | "sequence" | "spent" }
  | { kind: "lot"; field: "remaining"; lotId: string }
  | ({ kind: "counter"; field: CounterField } & CounterKey)
  | ({ kind: "overage"; field: "used" | "held" | "amount_minor" } & OverageKey)
);
/** A copy at the edge that says what Postgres never said, or cannot have said yet; see lib/services/edge/find-edge-drifts.ts. */
export type EdgeDrift = {
  kind: "edge";
  customerId: string;
  /** Of what is no number, `stored` and `truth` are the versions it was read at. */
  field:
    | ("text" | "version" | "valid_until" | "entitlements" | "exhausted")
    | ("facts" | "entries" | "catalogue")
    | ("balance" | "credits_held")
    | ("start" | "end" | "used" | "held" | "beyond");
  stored: number | null;
  truth: number;
  meter?: string;
  window?: AllowanceWindow;
  start?: Date;
};
export type CounterField = (typeof COUNTER_FIELDS)[number];
export type CounterKey = { meter: string; window: AllowanceWindow; userId: string; start: Date };
export type OverageKey = { meter: string; periodStart: Date; planVersionId: string };

const COUNTER_FIELDS = [
  "used",
  "held",
  "credit_units",
  "overage_units",
  "uncovered_units",
  "credits",
] as const;
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Customer by customer: those open of everybody are more than any few customers have kept. */
const OPEN_HOLDS = `
  select h.* from unnest($1::uuid[]) as c (id)
  cross join lateral (select * from reservations r where r.customer_id = c.id and r.state = 'held' offset 0) h`;

/** The ledger replayed, against the balance and the lots. Holds are what open reservations keep. */
const LEDGER = `
  with entries as (
    select e.customer_id, sum(e.amount) as credits, max(e.sequence) as last, count(*) as entries,
           (array_agg(e.balance_after order by e.sequence desc))[1] as balance_after,
           -sum(e.amount) filter (where e.kind = 'spend') as spent
    from credit_entries e where e.customer_id = any ($1::uuid[]) group by 1
  ), lots as (
    select e.customer_id, l.id, sum(l.amount) as remaining
    from credit_entries e cross join lateral unnest(e.lot_ids, e.lot_amounts) as l (id, amount)
    where e.customer_id = any ($1::uuid[]) group by 1, 2
  ), in_lots as (
    select customer_id, sum(remaining) as credits from lots group by 1
  ), events as (
    select u.customer_id, sum(u.credits) as spent
    from usage_events u where u.customer_id = any ($1::uuid[]) and u.credits > 0 group by 1
  ), open_holds as (${OPEN_HOLDS}), holds as (
    select r.customer_id, sum(r.credits) as credits
    from open_holds r group by 1
  ), expiry as (
    select t.customer_id, min(l.expires_at) as next_at
    from lots t join credit_lots l on l.customer_id = t.customer_id and l.id = t.id
    where t.remaining > 0 and l.customer_id = any ($1::uuid[]) group by 1
  )
  select b.customer_id, f.kind, f.field, null::uuid as lot_id, f.stored::bigint, f.truth::bigint
  from customer_balances b
  left join entries e using (customer_id) left join in_lots i using (customer_id)
  left join events u using (customer_id) left join holds h using (customer_id) left join expiry x using (customer_id)
  cross join lateral (values
    ('balance', 'credits', b.credits, coalesce(e.credits, 0)),
    ('balance', 'credits_held', b.credits_held, coalesce(h.credits, 0)),
    ('balance', 'debt', b.debt, coalesce(i.credits, 0) - coalesce(e.credits, 0)),
    -- Behind the ledger it is repaired; ahead of it, the ledger may have lost its end.
    ('balance', 'entry_sequence', least(b.entry_sequence, coalesce(e.last, 0)), coalesce(e.last, 0)),
    ('ledger', 'sequence', greatest(b.entry_sequence, coalesce(e.last, 0)), coalesce(e.entries, 0)),
    ('ledger', 'balance_after', coalesce(e.balance_after, 0), coalesce(e.credits, 0)),
    ('ledger', 'spent', coalesce(e.spent, 0), coalesce(u.spent, 0)),
    -- Too early does no harm: it is looked at again then.
    ('expiry', 'next_expiry_at', (extract(epoch from case when x.next_at is null or b.next_expiry_at <= x.next_at
        then x.next_at else b.next_expiry_at end) * 1000)::bigint, (extract(epoch from x.next_at) * 1000)::bigint)
  ) as f (kind, field, stored, truth)
  where b.customer_id = any ($1::uuid[]) and f.truth is not null and f.stored is distinct from f.truth
  union all
  select coalesce(l.customer_id, t.customer_id), 'lot', 'remaining', coalesce(l.id, t.id), l.remaining, coalesce(t.remaining, 0)::bigint
  from (select * from credit_lots where customer_id = any ($1::uuid[])) l
  full join lots t on t.customer_id = l.customer_id and t.id = l.id
  where l.remaining is distinct from coalesce(t.remaining, 0)
    -- One that a debt took whole is in no entry.
    and not (l.remaining is null and t.remaining = 0)`;

/** Events and open reservations, against the counters of every window they are in. */
const COUNTERS = `
  with facts as (
    select e.customer_id, e.meter_key, w."window", w.user_id, w.starts_at,
           case when w.user_id = $2::uuid then e.allowance_units else e.quantity end as used, 0 as held,
           case when w.user_id = $2::uuid then e.credit_units else 0 end as credit_units,
           case when w.user_id = $2::uuid then e.overage_units else 0 end as overage_units,
           case when w.user_id = $2::uuid then e.uncovered_units else 0 end as uncovered_units,
           case when w.user_id = $2::uuid then e.credits else 0 end as credits
    from usage_events e
    join customers c on c.id = e.customer_id and c.id = any ($1::uuid[])
    cross join lateral (
      -- Of a team member's use the last window is the member's own.
      select x."window", x.starts_at,
             case when c.type = 'group' and e.user_id is not null and x.position = cardinality(e.windows)
               then e.user_id else $2::uuid end as user_id
      from unnest(e.windows, e.window_starts) with ordinality as x ("window", starts_at, position)
    ) w
    where e.customer_id = any ($1::uuid[])
    union all
    select r.customer_id, r.meter_key, w."window", w.user_id, w.starts_at, 0,
           case when w.user_id = $2::uuid then r.allowance_units else r.quantity end, 0, 0, 0, 0
    from (${OPEN_HOLDS}) r
    cross join lateral unnest(r.windows, r.window_users, r.window_starts) as w ("window", user_id, starts_at)
  ), truth as (
    select customer_id, meter_key, "window", user_id, starts_at, sum(used) as used, sum(held) as held,
           sum(credit_units) as credit_units, sum(overage_units) as overage_units,
           sum(uncovered_units) as uncovered_units, sum(credits) as credits
    from facts group by 1, 2, 3, 4, 5
  )
  select coalesce(c.customer_id, t.customer_id) as customer_id, 'counter' as kind, f.field,
         coalesce(c.meter_key, t.meter_key) as meter, coalesce(c."window", t."window")::text as "window",
         coalesce(c.user_id, t.user_id) as user_id, coalesce(c.window_start, t.starts_at) as start,
         f.stored::bigint, coalesce(f.truth, 0)::bigint as truth
  from (select * from usage_counters where customer_id = any ($1::uuid[])) c
  full join truth t on t.customer_id = c.customer_id and t.meter_key = c.meter_key and t."window" = c."window"
    and t.user_id = c.user_id and t.starts_at = c.window_start
  cross join lateral (values
    ('used', c.used, t.used), ('held', c.held, t.held), ('credit_units', c.credit_units, t.credit_units),
    ('overage_units', c.overage_units, t.overage_units), ('uncovered_units', c.uncovered_units, t.uncovered_units),
    ('credits', c.credits, t.credits)
  ) as f (field, stored, truth)
  where f.stored is distinct from coalesce(f.truth, 0) and not (c.customer_id is null and f.truth = 0)`;

/** Events and open reservations, against what overage comes to. */
const OVERAGE = `
  with facts as (
    select e.customer_id, e.meter_key, r.overage_period_start, r.overage_plan_version_id, e.overage_units as used, 0 as held,
           e.occurred_at
    from usage_events e
    left join reservations r on r.customer_id = e.customer_id and r.id = e.reservation_id
    where e.overage_units > 0 and e.customer_id = any ($1::uuid[])
    union all
    select r.customer_id, r.meter_key, r.overage_period_start, r.overage_plan_version_id, 0, r.overage_units, null
    from (${OPEN_HOLDS}) r where r.overage_units > 0
  ), truth as (
    select customer_id, meter_key, overage_period_start, overage_plan_version_id, sum(used)::bigint as used, sum(held)::bigint as held,
           max(occurred_at) as last_at
    from facts group by 1, 2, 3, 4
  )
  select l.customer_id, 'overage' as kind, f.field, l.meter_key as meter, l.period_start, l.plan_version_id,
         f.stored::bigint, f.truth::bigint
  from overage_lines l
  left join truth t on t.customer_id = l.customer_id and t.meter_key = l.meter_key
    and t.overage_period_start = l.period_start and t.overage_plan_version_id = l.plan_version_id
  cross join lateral (values
    ('used', l.used, coalesce(t.used, 0)), ('held', l.held, coalesce(t.held, 0)),
    ('amount_minor', l.amount_minor, overage_cost(l.tier_starts, l.tier_amounts_minor, coalesce(t.used, 0)))
  ) as f (field, stored, truth)
  where l.customer_id = any ($1::uuid[]) and f.stored <> f.truth
    -- An event whose reservation has gone says no longer which line it is on: any that had begun by then.
    and not exists (select 1 from truth u where u.customer_id = l.customer_id and u.meter_key = l.meter_key
                    and u.overage_period_start is null and u.last_at >= l.period_start)
  union all
  select t.customer_id, 'overage', f.field, t.meter_key, t.overage_period_start, t.overage_plan_version_id, null, f.truth
  from truth t
  left join overage_lines l on l.customer_id = t.customer_id and l.meter_key = t.meter_key
    and l.period_start = t.overage_period_start and l.plan_version_id = t.overage_plan_version_id
  cross join lateral (values ('used', t.used), ('held', t.held)) as f (field, truth)
  where l.customer_id is null and t.overage_period_start is not null and f.truth > 0`;

type Row = { customer_id: string; kind: Drift["kind"]; field: string; stored: bigint | null; truth: bigint };
type LotRow = Row & { lot_id: string | null };
type CounterRow = Row & { meter: string; window: AllowanceWindow; user_id: string; start: Date };
type OverageRow = Row & { meter: string; period_start: Date; plan_version_id: string };

/**
 * Every drift of these customers. Each statement sees one moment, and every write of the engine is one transaction, so
 * traffic meanwhile makes no drift that is none.
 */
export async function findDrifts(db: Db | DbTransaction, customerIds: string[]): Promise<Drift[]> {
  const ledger = await db.$queryRawUnsafe<LotRow[]>(LEDGER, customerIds);
  const counters = await db.$queryRawUnsafe<CounterRow[]>(COUNTERS, customerIds, NOBODY);
  const overage = await db.$queryRawUnsafe<OverageRow[]>(OVERAGE, customerIds);
  const drifts = [
    ...ledger.map((row) => ({ ...common(row), ...(row.lot_id === null ? {} : { lotId: row.lot_id }) })),
    ...counters.map((row) => ({
      ...common(row),
      meter: row.meter,
      window: row.window,
      userId: row.user_id,
      start: row.start,
    })),
    ...overage.map((row) => ({
      ...common(row),
      meter: row.meter,
      periodStart: row.period_start,
      planVersionId: row.plan_version_id,
    })),
  ];
  return drifts as Drift[]; // the statements above name the kinds and fields of the type
}

function common({ customer_id, kind, field, stored, truth }: Row) {
  return {
    customerId: customer_id,
    kind,
    field,
    stored: stored === null ? null : Number(stored),
    truth: Number(truth),
  };
}
