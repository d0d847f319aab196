import { z } from "zod";
import { UsageFilters, usageFilter } from "@/app/api/v1/billing/metering-input";
import { apiRoute } from "@/lib/http/routes";
import { exportUsageEvents } from "@/lib/services/usage/export-usage-events";

/** The whole history as CSV, streamed. (S2-34) */
export const GET = apiRoute(
  {
    id: "exportUsageEvents",
    summary: "What was used, newest first, all of it as CSV",
    scope: "usage:read",
    query: UsageFilters,
    answer: z.string(),
    mediaType: "text/csv",
  },
  async (ctx, { customerId }, { query }) =>
    new Response(await exportUsageEvents(ctx, { customerId, filter: usageFilter(query) }), {
      headers: {
        "content-type": "text/csv; charset=utf-8; header=present",
        "content-disposition": 'attachment; filename="usage.csv"',
        "cache-control": "private, no-store",
      },
    }),
);
