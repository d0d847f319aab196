import { z } from "zod";
import type { Page, PageRequest } from "@/lib/domain/page";

/**
 * Lists are paged by key, never by offset: what is added meanwhile neither repeats nor hides a row. `next_cursor` goes
 * back as `cursor`; what is in it is our business.
 */
export const PageQuery = z.strictObject({
  limit: z.coerce.number("must be a number").int("must be a whole number").min(1).max(100).default(20),
  cursor: z
    .string()
    .transform((value, check) => {
      const position = decodeCursor(value);
      if (position) return position;
      check.addIssue({ code: "custom", message: "is not one of our cursors; send `next_cursor` as it came" });
      return z.NEVER;
    })
    .optional(),
});

/** A cursor of a list whose ids are of another form is none of this one's. */
const FOREIGN_CURSOR = { path: ["cursor"], message: "is not a cursor of this list" };

/** For lists whose ids are UUIDs. */
export const UuidPageQuery = PageQuery.refine(({ cursor }) => isIdOf(z.uuid(), cursor), FOREIGN_CURSOR);

/** The same with filters of its own. */
export function filteredPageQuery<Filters extends z.ZodRawShape>(filters: z.ZodObject<Filters>) {
  return PageQuery.extend(filters.shape).superRefine((query, check) => {
    // The shape of `PageQuery` is in it, whatever the filters are.
    const { cursor } = query as z.infer<typeof PageQuery>;
    if (!isIdOf(z.uuid(), cursor)) check.addIssue({ code: "custom", ...FOREIGN_CURSOR });
  });
}

/** For lists whose rows are numbered. */
export const SequencePageQuery = PageQuery.refine(
  ({ cursor }) => isIdOf(z.string().regex(/^\d{1,15}$/), cursor),
  FOREIGN_CURSOR,
);

function isIdOf(form: z.ZodType, cursor: { id: string } | undefined): boolean {
  return cursor === undefined || form.safeParse(cursor.id).success;
}

/** A page of a list, as it is described. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    object: z.literal("list"),
    data: z.array(item),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  });
}

/** What a service is asked for. */
export function pageRequest(query: z.infer<typeof PageQuery>): PageRequest {
  return { limit: query.limit, after: query.cursor ?? null };
}

/** What a service found, as it is answered. */
export function pageJson<Item>(page: Page<Item>, toJson: (item: Item) => Record<string, unknown>) {
  return {
    object: "list" as const,
    data: page.items.map(toJson),
    has_more: page.next !== null,
    next_cursor: page.next && encodeCursor(page.next),
  };
}

const Position = z.tuple([
  z.iso.datetime().refine((time) => time >= "0001"),
  // Ours are UUIDs, Stripe's letters, digits and underscores.
  z.string().regex(/^[\w-]{1,200}$/),
]);

function encodeCursor({ createdAt, id }: { createdAt: Date; id: string }): string {
  return Buffer.from(JSON.stringify([createdAt.toISOString(), id])).toString("base64url");
}

function decodeCursor(cursor: string): { createdAt: Date; id: string } | null {
  try {
    const position = Position.safeParse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
    return position.success ? { createdAt: new Date(position.data[0]), id: position.data[1] } : null;
  } catch {
    return null;
  }
}
