import { createHash } from "node:crypto";
import { NewPlanInput, toCataloguePlan } from "@/app/api/v1/billing/plans/plan-input";
import { planListJson, savedPlanJson } from "@/lib/http/billing-json";
import { PlanListAnswer, SavedPlanAnswer } from "@/lib/http/billing-schemas";
import { platformRoute, publicRoute } from "@/lib/http/routes";
import { type CatalogueOnSale, getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { savePlan } from "@/lib/services/catalogue/save-plan";

/** So that a publish shows within two seconds: this one, and the one for which a process believes its catalogue. */
const CACHE_CONTROL = "public, max-age=1";

/** What is on sale. The same for everybody, so any cache may keep it for a moment. (S0-32, S1-60, S2-29, S3-18) */
export const GET = publicRoute(
  {
    id: "listPlans",
    summary: "The plans on sale, and all that a pricing page shows",
    answer: PlanListAnswer,
  },
  async (ctx, { request }) => {
    const { body, etag } = writtenAs(await getCatalogue(ctx));
    const headers = { "cache-control": CACHE_CONTROL, etag };
    const known = (request.headers.get("if-none-match") ?? "").split(",").map((tag) => tag.trim());
    if (known.includes(etag)) return new Response(null, { status: 304, headers });
    return new Response(body, { headers: { ...headers, "content-type": "application/json" } });
  },
);

/** Puts a new plan on sale. (S3-02, S3-07, S3-19) */
export const POST = platformRoute(
  {
    id: "createPlan",
    summary: "Put a new plan on sale",
    scope: "catalogue:write",
    body: NewPlanInput,
    answer: SavedPlanAnswer,
    statuses: [201],
    idempotency: "stored",
    errors: ["conflict", "stripe_unavailable"],
  },
  async (ctx, actor, { body: { after, ...plan } }) => {
    const saved = await savePlan(ctx, { plan: toCataloguePlan(plan), after, mode: "create", actor });
    return Response.json(SavedPlanAnswer.parse(savedPlanJson(saved)), {
      status: 201,
      headers: { "cache-control": "private, no-store" },
    });
  },
);

type Written = { body: string; etag: string };
/** A catalogue is the same object for as long as its revision is. */
const written = new WeakMap<CatalogueOnSale, Written>();

/** The tag is of the text and not of the revision: the next release may say the same revision differently. */
function writtenAs(catalogue: CatalogueOnSale): Written {
  const known = written.get(catalogue);
  if (known) return known;
  const body = JSON.stringify(PlanListAnswer.parse(planListJson(catalogue)));
  const made = { body, etag: `W/"${createHash("sha256").update(body).digest("base64url")}"` };
  written.set(catalogue, made);
  return made;
}
