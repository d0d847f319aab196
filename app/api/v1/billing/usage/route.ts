import { usageJson } from "@/lib/http/billing-json";
import { apiRoute } from "@/lib/http/routes";
import { getUsage } from "@/lib/services/usage/get-usage";

/** What is used in the windows open now. (S2-32) */
export const GET = apiRoute(async (ctx, { customerId }) => usageJson(await getUsage(ctx, { customerId })));
