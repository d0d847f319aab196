import type { Context } from "@/lib/context";

export type InvoiceSummary = {
  id: string;
  number: string | null;
  status: string;
  currency: string;
  totalMinor: number;
  createdAt: Date;
  hostedInvoiceUrl: string | null;
};

/** A customer's latest invoices, newest first, from our mirror. Drafts are not shown. */
export async function listInvoices(
  ctx: Pick<Context, "db">,
  { customerId, limit = 12 }: { customerId: string; limit?: number },
): Promise<{ invoices: InvoiceSummary[] }> {
  const invoices = await ctx.db.invoice.findMany({
    where: { customerId, status: { not: "draft" } },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit,
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
  return { invoices };
}
