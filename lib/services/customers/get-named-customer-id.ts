import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** More than a busy back end serves at once. */
const MAX_KNOWN = 50_000;

// Neither name ever comes to mean another customer, so what was found once stays true. By database: tests have many.
const KNOWN = Symbol.for("tollkeeper.customer-names");
const state = globalThis as { [KNOWN]?: WeakMap<object, Map<string, string>> };
state[KNOWN] ??= new WeakMap();
const known = state[KNOWN];

/**
 * The customer a platform key names, by our id or by the adopter's.
 * @throws AppError `not_found`
 */
export async function getNamedCustomerId(
  ctx: Pick<Context, "db">,
  name: { id: string } | { externalId: string },
): Promise<string> {
  const names = known.get(ctx.db) ?? new Map<string, string>();
  known.set(ctx.db, names);
  const label = "id" in name ? `id:${name.id}` : `external:${name.externalId}`;
  const found = names.get(label) ?? (await findCustomerId(ctx, name));
  if (!found) throw new AppError("not_found", "There is no such customer.");
  if (names.size >= MAX_KNOWN) names.clear();
  names.set(label, found);
  return found;
}

async function findCustomerId(
  ctx: Pick<Context, "db">,
  name: { id: string } | { externalId: string },
): Promise<string | undefined> {
  if ("id" in name && !UUID.test(name.id)) return undefined;
  const where = "id" in name ? { id: name.id } : { externalId: name.externalId };
  return (await ctx.db.customer.findUnique({ where, select: { id: true } }))?.id;
}
