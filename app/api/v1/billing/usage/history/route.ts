import { UsageFilters, usageFilter } from "@/app/api/v1/billing/metering-input";
import { usageEventJson } from "@/lib/http/metering-json";
import { UsageEventAnswer } from "@/lib/http/metering-schemas";
import { filteredPageQuery, pageJson, pageOf, pageRequest } from "@/lib/http/pagination";
import { apiRoute } from "@/lib/http/routes";
import { listUsageEvents } from "@/lib/services/usage/list-usage-events";

/** What was used, newest first, each use with what explains it. (S2-34) */
export const GET = apiRoute(
  {
    id: "listUsageEvents",
    summary: "What was used, newest first, each use with what explains it",
    scope: "usage:read",
    query: filteredPageQuery(UsageFilters),
    answer: pageOf(UsageEventAnswer),
  },
  async (ctx, { customerId }, { query }) => {
    const found = { customerId, filter: usageFilter(query), page: pageRequest(query) };
    return pageJson(await listUsageEvents(ctx, found), usageEventJson);
  },
);
