import { invoiceJson } from "@/lib/http/billing-json";
import { InvoiceAnswer } from "@/lib/http/billing-schemas";
import { PageQuery, pageJson, pageOf, pageRequest } from "@/lib/http/pagination";
import { apiRoute } from "@/lib/http/routes";
import { listInvoices } from "@/lib/services/invoices/list-invoices";

/** The customer's invoices, newest first. */
export const GET = apiRoute(
  {
    id: "listInvoices",
    summary: "The customer's invoices, newest first",
    scope: "billing:read",
    query: PageQuery,
    answer: pageOf(InvoiceAnswer),
  },
  async (ctx, { customerId }, { query }) =>
    pageJson(await listInvoices(ctx, { customerId, page: pageRequest(query) }), invoiceJson),
);
