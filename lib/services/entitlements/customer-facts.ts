import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { query } from "@/lib/db/query";
import type { PlanGrantFacts } from "@/lib/domain/entitlements";
import type { WindowAnchor } from "@/lib/domain/period";
import type { CatalogueOnSale } from "@/lib/services/catalogue/get-catalogue";
import { getPlanTerms } from "@/lib/services/catalogue/get-plan-terms";

/** What a customer's entitlements are derived from, as the database had it at `version`. */
export type CustomerFacts = {
  customerId: string;
  /** `customer_balances.facts_version`: whoever decides from these facts names it, and is told when it is no longer so. */
  version: string;
  type: "personal" | "group";
  currency: string | null;
  /** The most a period's overage may come to, if the customer has set one. */
  spendCapMinor: number | null;
  anchor: WindowAnchor;
  grants: PlanGrantFacts[];
  subscription: {
    id: string;
    status: string;
    priceId: string | null;
    currentPeriodStart: Date;
    currentPeriodEnd: Date;
  } | null;
  /** Members who may not use all there is: units of any one meter in a billing period, by user. */
  usageCaps: Map<string, number>;
  membersCount: number;
};

/** One statement: this stands before every decision about customers whose facts are not known yet. */
const READ_FACTS = `
  select c.id, b.facts_version, c.type, c.currency, c.spend_cap_minor, c.time_zone, c.created_at,
    (select jsonb_build_object('id', s.id, 'status', s.status, 'price_id', s.price_id,
        'current_period_start', s.current_period_start, 'current_period_end', s.current_period_end,
        'billing_cycle_anchor', s.billing_cycle_anchor,
        'first_failed_at', (select min(i.first_failed_at) from invoices i
          where i.customer_id = c.id and i.subscription_id = s.id and i.status in ('open', 'uncollectible')))
      from subscriptions s where s.customer_id = c.id and s.id = c.current_subscription_id) as subscription,
    (select jsonb_agg(jsonb_build_object('plan_version_id', g.plan_version_id, 'source', g.source,
        'starts_at', g.starts_at, 'ends_at', g.ends_at, 'subscription_id', s.id, 'status', s.status))
      from plan_grants g left join subscriptions s on s.customer_id = g.customer_id and s.id = g.subscription_id
      where g.customer_id = c.id) as grants,
    (select jsonb_object_agg(m.user_id, m.usage_cap) from members m
      where m.customer_id = c.id and m.usage_cap is not null) as usage_caps,
    (select count(*)::integer from members m where m.customer_id = c.id) as members_count
  from unnest($1::uuid[]) as asked (id)
  join customers c on c.id = asked.id
  join customer_balances b on b.customer_id = c.id`;

type FactsRow = {
  id: string;
  facts_version: string;
  type: CustomerFacts["type"];
  currency: string | null;
  spend_cap_minor: number | null;
  time_zone: string;
  created_at: Date;
  subscription: {
    id: string;
    status: string;
    price_id: string | null;
    current_period_start: string;
    current_period_end: string;
    billing_cycle_anchor: string;
    first_failed_at: string | null;
  } | null;
  grants:
    | {
        plan_version_id: string;
        source: PlanGrantFacts["source"];
        starts_at: string;
        ends_at: string | null;
        subscription_id: string | null;
        status: string | null;
      }[]
    | null;
  usage_caps: Record<string, number> | null;
  members_count: number;
};

/** @throws AppError `not_found`. */
export async function readCustomerFacts(
  ctx: Pick<Context, "db">,
  catalogue: CatalogueOnSale,
  customerId: string,
): Promise<CustomerFacts> {
  const [facts] = await readFactsOf(ctx, catalogue, [customerId]);
  if (!facts) throw new AppError("not_found", "There is no such customer.");
  return facts;
}

/** Those of the customers that there are, in no order. */
export async function readFactsOf(
  ctx: Pick<Context, "db">,
  catalogue: CatalogueOnSale,
  customerIds: string[],
): Promise<CustomerFacts[]> {
  if (customerIds.length === 0) return [];
  const rows = await query<FactsRow>(ctx.db, READ_FACTS, [customerIds], "customer_facts");
  const granted = rows.flatMap(({ grants }) => (grants ?? []).map((grant) => grant.plan_version_id));
  const terms = await getPlanTerms(ctx, catalogue, granted);
  return rows.map((row) => toFacts(row, terms));
}

function toFacts(row: FactsRow, terms: Awaited<ReturnType<typeof getPlanTerms>>): CustomerFacts {
  const { subscription: current, usage_caps: caps } = row;
  return {
    customerId: row.id,
    version: row.facts_version,
    type: row.type,
    currency: row.currency,
    spendCapMinor: row.spend_cap_minor,
    anchor: {
      anchor: current ? new Date(current.billing_cycle_anchor) : row.created_at,
      timeZone: row.time_zone,
      period: current && {
        start: new Date(current.current_period_start),
        end: new Date(current.current_period_end),
      },
    },
    grants: (row.grants ?? []).flatMap((grant) => {
      const plan = terms.get(grant.plan_version_id);
      return plan ? [toGrantFacts(grant, plan, current)] : [];
    }),
    subscription: current && {
      id: current.id,
      status: current.status,
      priceId: current.price_id,
      currentPeriodStart: new Date(current.current_period_start),
      currentPeriodEnd: new Date(current.current_period_end),
    },
    usageCaps: new Map(Object.entries(caps ?? {})),
    membersCount: row.members_count,
  };
}

function toGrantFacts(
  grant: NonNullable<FactsRow["grants"]>[number],
  terms: PlanGrantFacts["terms"],
  current: FactsRow["subscription"],
): PlanGrantFacts {
  const isCurrent = current !== null && current.id === grant.subscription_id;
  const failedAt = isCurrent ? current.first_failed_at : null;
  return {
    terms,
    source: grant.source,
    startsAt: new Date(grant.starts_at),
    endsAt: grant.ends_at === null ? null : new Date(grant.ends_at),
    subscription:
      grant.subscription_id === null || grant.status === null
        ? null
        : {
            id: grant.subscription_id,
            status: grant.status,
            firstFailedAt: failedAt === null ? null : new Date(failedAt),
            isCurrent,
          },
  };
}
