import { z } from "zod";
import { ChangedPlanInput, toCataloguePlan } from "@/app/api/v1/billing/plans/plan-input";
import { AppError } from "@/lib/app-error";
import { savedPlanJson } from "@/lib/http/billing-json";
import { SavedPlanAnswer } from "@/lib/http/billing-schemas";
import { platformRoute } from "@/lib/http/routes";
import { savePlan } from "@/lib/services/catalogue/save-plan";

const Params = z.strictObject({ slug: z.string().min(1).max(100) });

/** Publishes the plan's next version; customers on an earlier one keep it. Nothing happens when it is so already. (S3-20) */
export const PUT = platformRoute(
  {
    id: "changePlan",
    summary: "Change a plan: its next version, for whoever buys from now on",
    scope: "catalogue:write",
    params: Params,
    body: ChangedPlanInput,
    answer: SavedPlanAnswer,
    idempotency: "stored",
    errors: ["not_found", "conflict", "stripe_unavailable"],
  },
  async (ctx, actor, { params: { slug }, body: { after, revision, slug: given = slug, ...members } }) => {
    if (given !== slug) {
      throw new AppError("invalid_request", "The request is not valid.", {
        fields: [{ field: "slug", message: "must be the one in the path: a plan keeps its slug" }],
      });
    }
    const plan = toCataloguePlan({ slug, ...members });
    return savedPlanJson(await savePlan(ctx, { plan, after, mode: { changeFrom: revision }, actor }));
  },
);
