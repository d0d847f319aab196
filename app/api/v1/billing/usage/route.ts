import { usageJson } from "@/lib/http/billing-json";
import { UsageAnswer } from "@/lib/http/billing-schemas";
import { apiRoute } from "@/lib/http/routes";
import { announceUsage } from "@/lib/services/edge/announce-usage";
import { getUsage } from "@/lib/services/usage/get-usage";

/** What is used in the windows open now. (S2-32) */
export const GET = apiRoute(
  {
    id: "getUsage",
    summary: "What is used in the windows open now",
    scope: "usage:read",
    answer: UsageAnswer,
  },
  async (ctx, { customerId }) => {
    // Whoever asked the edge first and was sent here finds it there the next time.
    announceUsage(ctx, customerId);
    return usageJson(await getUsage(ctx, { customerId }));
  },
);
