import { entitlementsJson } from "@/lib/http/billing-json";
import { EntitlementsAnswer } from "@/lib/http/billing-schemas";
import { apiRoute } from "@/lib/http/routes";
import { getEntitlements } from "@/lib/services/entitlements/get-entitlements";

/** What the customer may do now. (S0-51, S2-20) */
export const GET = apiRoute(
  {
    id: "getEntitlements",
    summary: "What the customer may do now: plan, features, allowances, seats",
    scope: "billing:read",
    answer: EntitlementsAnswer,
  },
  async (ctx, { customerId }) => entitlementsJson(await getEntitlements(ctx, { customerId }), ctx.now),
);
