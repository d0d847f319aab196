import { UseInput } from "@/app/api/v1/billing/metering-input";
import { usingMember } from "@/app/api/v1/billing/using-member";
import { limitCheckJson, usageCheckJson } from "@/lib/http/metering-json";
import { LimitCheckAnswer, UsageCheckAnswer } from "@/lib/http/metering-schemas";
import { apiRoute } from "@/lib/http/routes";
import { checkLimits } from "@/lib/services/usage/check-limits";
import { checkUsage } from "@/lib/services/usage/check-usage";

/** Which limits are near or reached, and the way on. (S3-16, S3-24) */
export const GET = apiRoute(
  {
    id: "checkLimits",
    summary: "Which limits are near or reached, in the catalogue's words, and the way on",
    scope: "usage:read",
    answer: LimitCheckAnswer,
  },
  async (ctx, { customerId }) => limitCheckJson(await checkLimits(ctx, { customerId })),
);

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
  async (ctx, caller, { body }) => {
    const { meter, quantity } = body;
    const userId = await usingMember(ctx, caller, body);
    const asked = { customerId: caller.customerId, userId, meter, quantity };
    return usageCheckJson({ meter, quantity }, await checkUsage(ctx, asked));
  },
);
