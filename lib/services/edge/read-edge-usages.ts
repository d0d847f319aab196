import type { Context } from "@/lib/context";
import { NOBODY } from "@/lib/db/decide-uses";
import { query } from "@/lib/db/query";
import { hasApiAccess } from "@/lib/domain/api-access";
import type { EdgeUsage } from "@/lib/domain/edge-usage";
import { windowInProgress } from "@/lib/domain/period";
import { type UseTerms, type UseWindow, windowsEndAt } from "@/lib/domain/use-terms";
import type { CatalogueOnSale } from "@/lib/services/catalogue/get-catalogue";
import {
  type KnownCustomer,
  knownCustomers,
  resolvedEntitlements,
  resolvedTerms,
} from "@/lib/services/entitlements/known-facts";

/** A customer as this process knows them, and the moment that is asked about. */
export type AskedCustomer = { customer: KnownCustomer; now: Date };

export type ReadEdgeUsage =
  | {
      outcome: "read";
      customerId: string;
      /** Grows with every commit, so that of two readings the later one is known. */
      version: number;
      usage: EdgeUsage;
      /** Meters of which nothing more is to be had. */
      exhausted: string[];
    }
  /** The facts are not those that this process knows, or the customer is gone. */
  | { outcome: "stale" | "unknown_customer"; customerId: string };

/**
 * Every customer's balance and the last counter of each of the windows asked for, all of one snapshot. The number of
 * transactions that a snapshot sees as over grows with each that commits: what it sees is newer if it is higher.
 */
const READ_USAGES = `
  with asked as materialized (
    select b.customer_id, b.facts_version, b.entry_sequence, b.credits, b.credits_held, q.now,
      expired_credits(b.customer_id, b.credits, b.credits_held, q.now) as expired
    from unnest($1::uuid[], $2::timestamptz[]) as q (customer_id, now)
    join customer_balances b on b.customer_id = q.customer_id
  ), seen as materialized (
    select pg_snapshot_xmax(s)::text::bigint - (select count(*) from pg_snapshot_xip(s)) as version
    from pg_current_snapshot() s
  )
  select a.customer_id, a.facts_version, a.entry_sequence, a.credits - a.expired as credits, a.credits_held, s.version,
    w.counters
  from asked a
  cross join seen s
  left join (
    select q.customer_id, jsonb_agg(jsonb_build_array(
      w.position, extract(epoch from c.window_start) * 1000, extract(epoch from c.window_end) * 1000,
      c.used, c.held, c.beyond, c.version)) as counters
    from unnest($3::uuid[], $4::text[], $5::text[]::allowance_window[], $6::timestamptz[]) with ordinality
      as w (customer_id, meter, "window", starts_at, position)
    join asked q on q.customer_id = w.customer_id
    cross join lateral (
      select u.window_start, u.window_end, u.used, u.held, u.version,
        u.credit_units + u.overage_units + u.uncovered_units as beyond
      from usage_counters u
      where u.customer_id = w.customer_id and u.meter_key = w.meter and u."window" = w."window"
        and u.user_id = '${NOBODY}'
        and u.window_start <= case when w."window" = 'period' then w.starts_at else q.now end
      order by u.window_start desc limit 1
    ) c
    group by q.customer_id
  ) w on w.customer_id = a.customer_id`;

type Row = {
  customer_id: string;
  facts_version: string;
  entry_sequence: string;
  credits: string;
  credits_held: string;
  version: string;
  /** Which of the windows asked for, its start and end in milliseconds, used, held, beyond, version. */
  counters: [number, number, number, number, number, number, number][] | null;
};

type Counter = { start: Date; end: Date; used: number; held: number; beyond: number; version: number };

/** These customers as this process knows them; who is gone is left out, as nothing is to be told of them. */
export async function askCustomers(
  ctx: Pick<Context, "db">,
  catalogue: CatalogueOnSale,
  asked: { customerId: string; now: Date }[],
): Promise<AskedCustomer[]> {
  const known = await knownCustomers(
    ctx,
    catalogue,
    asked.map(({ customerId }) => customerId),
  );
  return asked.flatMap(({ customerId, now }) => {
    const customer = known.get(customerId);
    return customer ? [{ customer, now }] : [];
  });
}

/** Reads what the edge is to know of customers, in one statement for all of them. */
export async function readEdgeUsages(
  ctx: Pick<Context, "db">,
  catalogue: CatalogueOnSale,
  asked: AskedCustomer[],
): Promise<ReadEdgeUsage[]> {
  const terms = asked.map((one) => sharedTerms(one, catalogue));
  const windows = terms.flatMap((own, index) =>
    own.flatMap(({ meter, windows: counted }) =>
      counted.map((window) => ({ customerId: asked[index]?.customer.facts.customerId, meter, window })),
    ),
  );
  const rows = await query<Row>(
    ctx.db,
    READ_USAGES,
    [
      asked.map(({ customer }) => customer.facts.customerId),
      asked.map(({ now }) => now),
      windows.map(({ customerId }) => customerId),
      windows.map(({ meter }) => meter),
      windows.map(({ window }) => window.window),
      windows.map(({ window }) => window.start),
    ],
    "edge_usages",
  );
  const byCustomer = new Map(rows.map((row) => [row.customer_id, row]));
  const counters = new Map<UseWindow, Counter>();
  for (const [position, start, end, used, held, beyond, version] of rows.flatMap(
    (row) => row.counters ?? [],
  )) {
    const window = windows[position - 1]?.window;
    if (window)
      counters.set(window, { start: new Date(start), end: new Date(end), used, held, beyond, version });
  }
  return asked.map((one, index) => {
    const { customerId, version } = one.customer.facts;
    const row = byCustomer.get(customerId);
    if (!row) return { outcome: "unknown_customer", customerId };
    if (row.facts_version !== version) return { outcome: "stale", customerId };
    return toReading(one, { row, terms: terms[index] ?? [], counters, catalogue });
  });
}

/** What everybody of the customer shares of each meter that is counted, as `GET /usage` lists it. */
function sharedTerms({ customer, now }: AskedCustomer, { meters }: CatalogueOnSale): UseTerms[] {
  const { allowances } = resolvedEntitlements(customer, now);
  return meters
    .filter(
      ({ kind, key, isListed }) =>
        kind === "counter" && (isListed || allowances.some(({ meter }) => meter === key)),
    )
    .flatMap(({ key }) => resolvedTerms(customer, key, null, now) ?? []);
}

function toReading(
  { customer, now }: AskedCustomer,
  read: { row: Row; terms: UseTerms[]; counters: Map<UseWindow, Counter>; catalogue: CatalogueOnSale },
): Extract<ReadEdgeUsage, { outcome: "read" }> {
  const { row, terms, counters, catalogue } = read;
  const { access, plan, features } = resolvedEntitlements(customer, now);
  const credits = { balance: Number(row.credits), held: Number(row.credits_held) };
  const meters = terms.map((own) => ({
    own,
    windows: own.windows.map((window) => toWindow(window, counters.get(window), now)),
  }));
  const ends = meters.flatMap(({ windows }) => windows.map(({ end }) => end));
  return {
    outcome: "read",
    customerId: customer.facts.customerId,
    version: Number(row.version),
    usage: {
      asOf: now.getTime(),
      validUntil: Math.min(...ends, ...terms.map(endOf), customer.resolved?.until ?? Infinity, LAST_MOMENT),
      access,
      plan: { slug: plan.slug, name: plan.name, version: plan.version },
      // A feature that is off is said to be so.
      features: { ...Object.fromEntries(catalogue.features.map(({ key }) => [key, false])), ...features },
      hasApiAccess: hasApiAccess(catalogue, features),
      credits,
      meters: meters.map(({ own, windows }) => ({
        meter: own.meter,
        unit: catalogue.meters.find(({ key }) => key === own.meter)?.unit ?? "",
        windows,
      })),
      readFrom: {
        facts: Number(row.facts_version),
        entries: Number(row.entry_sequence),
        catalogue: catalogue.revision,
      },
    },
    exhausted: meters
      .filter(({ own, windows }) => isExhausted(own, windows, credits.balance - credits.held))
      .map(({ own }) => own.meter),
  };
}

type EdgeWindow = EdgeUsage["meters"][number]["windows"][number];

function toWindow(window: UseWindow, last: Counter | undefined, now: Date): EdgeWindow {
  const { start, end } = windowInProgress(window.window, last ?? null, window, now);
  const counted = last?.start.getTime() === start.getTime() ? last : undefined;
  return {
    window: window.window,
    start: start.getTime(),
    end: end.getTime(),
    limit: window.limit,
    used: counted?.used ?? 0,
    held: counted?.held ?? 0,
    beyond: counted?.beyond ?? 0,
    // 0 = nothing was counted yet.
    version: counted?.version ?? 0,
  };
}

/**
 * Whether not even one unit is to be had: some window is full, and nothing may or can pay beyond it. In doubt it is not:
 * whatever overage costs and whatever a unit costs in credits is for the decision to find out.
 */
function isExhausted(terms: UseTerms, windows: EdgeWindow[], availableCredits: number): boolean {
  const full = terms.windows.filter((window, position) => {
    const { limit, used, held } = windows[position] ?? { limit: null, used: 0, held: 0 };
    return window.limit !== null && limit !== null && used + held >= limit;
  });
  if (full.length === 0) return false;
  const byOverage = terms.overage !== null && full.every((window) => window.byOverage);
  const byCredits = availableCredits > 0 && full.every((window) => window.byCredits);
  return !byOverage && !byCredits;
}

/** The last that a date can say, so that a reading always ends. */
const LAST_MOMENT = 8_640_000_000_000_000;

function endOf(terms: UseTerms): number {
  return windowsEndAt(terms).getTime();
}
