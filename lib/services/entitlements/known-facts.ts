import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { Db } from "@/lib/db/client";
import { entitlementsChangeAt } from "@/lib/domain/entitlements";
import { termsOfUse, type UseTerms, windowsEndAt } from "@/lib/domain/use-terms";
import type { CatalogueOnSale } from "@/lib/services/catalogue/get-catalogue";
import { type CustomerFacts, readFactsOf } from "./customer-facts";
import { type CustomerEntitlements, entitlementsFrom } from "./get-entitlements";

/**
 * A customer's facts as this process last read them, and what was resolved from them. They may be old: whoever decides
 * from them names `facts.version` in the decision, and the database says `stale` if it is.
 */
export type KnownCustomer = {
  facts: CustomerFacts;
  catalogue: CatalogueOnSale;
  resolved: { entitlements: CustomerEntitlements; from: number; until: number } | null;
  terms: Map<string, { terms: UseTerms; from: number; until: number }>;
};

/** About a kilobyte each. The one unused for longest makes room. */
const MOST_KNOWN = 50_000;
const known = new WeakMap<Db, Map<string, KnownCustomer>>();

/** @throws AppError `not_found`. */
export async function knownCustomer(
  ctx: Pick<Context, "db">,
  catalogue: CatalogueOnSale,
  customerId: string,
): Promise<KnownCustomer> {
  const customer = (await knownCustomers(ctx, catalogue, [customerId])).get(customerId);
  if (!customer) throw new AppError("not_found", "There is no such customer.");
  return customer;
}

/** Those of them that there are, by id; read in one statement where they are not known. */
export async function knownCustomers(
  ctx: Pick<Context, "db">,
  catalogue: CatalogueOnSale,
  customerIds: string[],
): Promise<Map<string, KnownCustomer>> {
  const customers = knownBy(ctx.db);
  const found = new Map<string, KnownCustomer>();
  const missing: string[] = [];
  for (const id of customerIds) {
    const customer = recall(customers, catalogue, id);
    if (customer) found.set(id, customer);
    else missing.push(id);
  }
  for (const facts of await readFactsOf(ctx, catalogue, missing)) {
    found.set(facts.customerId, remember(customers, catalogue, facts));
  }
  return found;
}

/** Has the facts read again at the next use. */
export function forgetCustomer({ db }: Pick<Context, "db">, customerId: string): void {
  known.get(db)?.delete(customerId);
}

/** What the customer may do at `now`. */
export function resolvedEntitlements(customer: KnownCustomer, now: Date): CustomerEntitlements {
  const { resolved, facts, catalogue } = customer;
  const at = now.getTime();
  if (resolved && resolved.from <= at && at < resolved.until) return resolved.entitlements;
  const entitlements = entitlementsFrom(facts, catalogue, now);
  const until = entitlementsChangeAt(facts.grants, catalogue.policy, now)?.getTime() ?? Infinity;
  customer.resolved = { entitlements, from: at, until };
  return entitlements;
}

/** What a use of a meter by a user is decided by at `now`; null = the catalogue has no such meter. */
export function resolvedTerms(
  customer: KnownCustomer,
  meterKey: string,
  userId: string | null,
  now: Date,
): UseTerms | null {
  const { facts, catalogue, terms } = customer;
  // Only in a team does it matter who of it uses something.
  const memberId = facts.type === "group" ? userId : null;
  const name = `${meterKey} ${memberId}`;
  const at = now.getTime();
  const found = terms.get(name);
  if (found && found.from <= at && at < found.until) return found.terms;
  const meter = catalogue.meters.find(({ key }) => key === meterKey);
  if (!meter) return null;
  const entitlements = resolvedEntitlements(customer, now);
  const made = termsOfUse(
    {
      meter,
      entitlements,
      anchor: facts.anchor,
      subscription: facts.subscription,
      member: memberId === null ? null : { userId: memberId, cap: facts.usageCaps.get(memberId) ?? null },
      overageCapMinor: facts.spendCapMinor ?? catalogue.policy.overageCapMinor,
      currency: catalogue.currency,
    },
    now,
  );
  const until = Math.min(windowsEndAt(made).getTime(), customer.resolved?.until ?? Infinity);
  terms.set(name, { terms: made, from: at, until });
  return made;
}

function knownBy(db: Db): Map<string, KnownCustomer> {
  const customers = known.get(db) ?? new Map<string, KnownCustomer>();
  known.set(db, customers);
  return customers;
}

function recall(
  customers: Map<string, KnownCustomer>,
  catalogue: CatalogueOnSale,
  customerId: string,
): KnownCustomer | null {
  const found = customers.get(customerId);
  if (found?.catalogue !== catalogue) return null;
  // To the end of the map: the one unused for longest is its first.
  customers.delete(customerId);
  customers.set(customerId, found);
  return found;
}

function remember(
  customers: Map<string, KnownCustomer>,
  catalogue: CatalogueOnSale,
  facts: CustomerFacts,
): KnownCustomer {
  const customer: KnownCustomer = { facts, catalogue, resolved: null, terms: new Map() };
  customers.set(facts.customerId, customer);
  const [oldest] = customers.size > MOST_KNOWN ? customers.keys() : [];
  if (oldest !== undefined) customers.delete(oldest);
  return customer;
}
