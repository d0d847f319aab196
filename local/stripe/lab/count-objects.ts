import { queryRows, type Store } from "@/local/stripe/store/store";

/** How many objects of each kind there are. */
export function countObjects(store: Store): Record<string, number> {
  const sql = "select type, count(*) as count from objects where deleted = 0 group by type order by type";
  const rows = queryRows<{ type: string; count: number }>(store, sql);
  return Object.fromEntries(rows.map(({ type, count }) => [type, count]));
}
