import { z } from "zod";
import type { CataloguePlan } from "@/lib/domain/catalogue";
import { CatalogueSchema } from "@/lib/domain/catalogue-schema";
import { fromSnakeCase, snakeCaseSchema } from "@/lib/http/snake-case-schema";

const PlanSchema = CatalogueSchema.shape.plans.element;

const After = z.string().min(1).max(100).optional().meta({
  description:
    "The plan it is to stand after. Without it a plan stays where it is; a new one is the highest.",
});

/** A plan as the catalogue's files have it, with its members in snake_case. */
export const NewPlanInput = snakeCaseSchema(PlanSchema).extend({ after: After }).meta({ id: "NewPlan" });

/** All of the plan, not what is different; `slug` may be left to the path. */
export const ChangedPlanInput = NewPlanInput.extend({
  slug: z.string().optional(),
  revision: z
    .int("must be a whole number: the revision that GET /api/v1/billing/plans answered")
    .positive()
    .meta({
      description:
        "Of the catalogue, as it was when the plan was read; another's change since is a conflict.",
    }),
}).meta({ id: "ChangedPlan" });

/** The body without what is not the plan's, as the catalogue has it. */
export function toCataloguePlan(plan: Record<string, unknown>): CataloguePlan {
  return PlanSchema.parse(fromSnakeCase(PlanSchema, plan));
}
