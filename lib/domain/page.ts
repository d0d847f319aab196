/**
 * A page of a list, newest first, continued by key: after the last row's time and id, whatever was added since.
 */
export type PagePosition = { createdAt: Date; id: string };
export type PageRequest = { limit: number; after: PagePosition | null };
export type Page<Item> = { items: Item[] /** Null = nothing follows. */; next: PagePosition | null };

/** Makes a page of up to `limit` rows out of the `limit + 1` that were read. */
export function pageFrom<Item extends PagePosition>(rows: Item[], limit: number): Page<Item> {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, next: last ? { createdAt: last.createdAt, id: last.id } : null };
}
