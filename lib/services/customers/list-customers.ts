import type { Context } from "@/lib/context";
import { type Page, type PageRequest, pageFrom } from "@/lib/domain/page";
import { type CustomerDetails, toDetails } from "./put-customer";

/** All customers, newest first. */
export async function listCustomers(
  ctx: Pick<Context, "db">,
  { page: { after, limit } }: { page: PageRequest },
): Promise<Page<CustomerDetails>> {
  const rows = await ctx.db.customer.findMany({
    where: after
      ? {
          OR: [{ createdAt: { lt: after.createdAt } }, { createdAt: after.createdAt, id: { lt: after.id } }],
        }
      : {},
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  return pageFrom(rows.map(toDetails), limit);
}
