import type { Context } from "@/lib/context";
import { type Page, type PageRequest, pageFrom } from "@/lib/domain/page";

export type InvoiceSummary = {
  id: string;
  number: string | null;
  status: string;
  currency: string;
  totalMinor: number;
  createdAt: Date;
  hostedInvoiceUrl: string | null;
};

/** A customer's invoices, newest first, from our mirror. Drafts are not shown. */
export async function listInvoices(
  ctx: Pick<Context, "db">,
  { customerId, page }: { customerId: string; page: PageRequest },
): Promise<Page<InvoiceSummary>> {
  const { after, limit } = page;
  const rows = await ctx.db.invoice.findMany({
    where: {
      customerId,
      status: { not: "draft" },
      ...(after
        ? {
            OR: [
              { createdAt: { lt: after.createdAt } },
              { createdAt: after.createdAt, id: { lt: after.id } },
            ],
          }
        : {}),
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit + 1,
    select: {
      id: true,
      number: true,
      status: true,
      currency: true,
      totalMinor: true,
      createdAt: true,
      hostedInvoiceUrl: true,
    },
  });
  return pageFrom(rows, limit);
}
