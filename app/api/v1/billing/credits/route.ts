import { creditsJson } from "@/lib/http/metering-json";
import { CreditsAnswer } from "@/lib/http/metering-schemas";
import { apiRoute } from "@/lib/http/routes";
import { getCredits } from "@/lib/services/credits/get-credits";

/** The customer's credits, and what they are made of. (S1-73) */
export const GET = apiRoute(
  {
    id: "getCredits",
    summary: "The customer's credits: what there is, what is held, what ends when",
    scope: "billing:read",
    answer: CreditsAnswer,
  },
  async (ctx, { customerId }) => creditsJson(await getCredits(ctx, { customerId }), ctx.now),
);
