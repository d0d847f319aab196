import { levelJson } from "@/lib/http/metering-json";
import { LevelListAnswer } from "@/lib/http/metering-schemas";
import { apiRoute } from "@/lib/http/routes";
import { listLevels } from "@/lib/services/usage/list-levels";

/** How much the customer has of what rises and falls: projects, seats. */
export const GET = apiRoute(
  {
    id: "listUsageLevels",
    summary: "How much there is of what rises and falls, and how much there may be",
    scope: "usage:read",
    answer: LevelListAnswer,
  },
  async (ctx, { customerId }) => ({
    object: "list",
    data: (await listLevels(ctx, { customerId })).map(levelJson),
  }),
);
