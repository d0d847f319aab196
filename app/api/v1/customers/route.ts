import { customerJson } from "@/lib/http/billing-json";
import { CustomerAnswer } from "@/lib/http/billing-schemas";
import { pageJson, pageOf, pageRequest, UuidPageQuery } from "@/lib/http/pagination";
import { platformRoute } from "@/lib/http/routes";
import { listCustomers } from "@/lib/services/customers/list-customers";

/** Every customer, newest first. */
export const GET = platformRoute(
  {
    id: "listCustomers",
    summary: "Every customer, newest first",
    scope: "customers:read",
    query: UuidPageQuery,
    answer: pageOf(CustomerAnswer),
  },
  async (ctx, _actor, { query }) =>
    pageJson(await listCustomers(ctx, { page: pageRequest(query) }), customerJson),
);
