import { z } from "zod";
import { subscriptionContext } from "@/lib/domain/subscription-context";
import { windowJson } from "@/lib/http/billing-json";
import { UsageRecordAnswer } from "@/lib/http/billing-schemas";
import { apiRoute } from "@/lib/http/routes";
import { newId } from "@/lib/new-id";
import { recordUsage } from "@/lib/services/usage/record-usage";

/** One call records at most this; beyond it somebody mistook the unit. */
const MAX_QUANTITY = 1_000_000_000;

const RecordInput = z.strictObject({
  meter: z.string().min(1).max(100),
  quantity: z
    .number("must be a number")
    .positive("must be more than zero")
    .max(MAX_QUANTITY, `must not exceed ${MAX_QUANTITY}`)
    .refine(Number.isInteger, "must be a whole number"),
});

/** Counts a use, or refuses it at the limit. With an `Idempotency-Key`, a repeated call counts once. (S2-33) */
export const POST = apiRoute(
  {
    id: "recordUsage",
    summary: "Count a use, or refuse it at the limit",
    scope: "usage:write",
    body: RecordInput,
    answer: UsageRecordAnswer,
    idempotency: "service",
    errors: ["limit_reached", "not_found", "conflict"],
  },
  async (ctx, { customerId, userId }, { body, idempotencyKey }) => {
    const key = `record:${idempotencyKey ?? newId()}`;
    const recorded = await recordUsage(ctx, { customerId, userId, ...body, key });
    return {
      object: "usage_record",
      id: recorded.id,
      ...body,
      windows: recorded.windows.map(windowJson),
      subscription: subscriptionContext(recorded.entitlements.plan.slug, recorded.windows),
    };
  },
);
