import { UseInput } from "@/app/api/v1/billing/metering-input";
import { usageCheckJson } from "@/lib/http/metering-json";
import { UsageCheckAnswer } from "@/lib/http/metering-schemas";
import { apiRoute } from "@/lib/http/routes";
import { checkUsage } from "@/lib/services/usage/check-usage";

/** Whether a use would be allowed now, and if not why. Writes nothing. (S3-16, S2-54) */
export const POST = apiRoute(
  {
    id: "checkUsage",
    summary: "Whether a use would be allowed now, who would pay, and if not why",
    scope: "usage:read",
    body: UseInput,
    answer: UsageCheckAnswer,
    errors: ["overloaded"],
  },
  async (ctx, { customerId, userId }, { body }) =>
    usageCheckJson(body, await checkUsage(ctx, { customerId, userId, ...body })),
);
