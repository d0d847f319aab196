import { planJson } from "@/lib/http/billing-json";
import { PlanListAnswer } from "@/lib/http/billing-schemas";
import { publicRoute } from "@/lib/http/routes";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";

/** What is on sale. (S2-29) */
export const GET = publicRoute(
  { id: "listPlans", summary: "The plans on sale", answer: PlanListAnswer },
  async (ctx) => {
    const { currency, plans } = await getCatalogue(ctx);
    return { object: "list", currency, data: plans.map(planJson) };
  },
);
