import { z } from "zod";
import { BatchInput, UseInput } from "@/app/api/v1/billing/metering-input";
import { usingMember, usingMembers } from "@/app/api/v1/billing/using-member";
import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { ApiCaller } from "@/lib/http/authenticate";
import { usageBatchJson, usageRecordJson } from "@/lib/http/metering-json";
import { UsageBatchAnswer, UsageRecordAnswer } from "@/lib/http/metering-schemas";
import { apiRoute } from "@/lib/http/routes";
import { newId } from "@/lib/new-id";
import { recordUsage } from "@/lib/services/usage/record-usage";
import { recordUsageRows } from "@/lib/services/usage/record-usage-rows";

/**
 * Counts a use, or refuses it at the limit; or counts many and says what became of each. With an `Idempotency-Key`, or
 * keys of the records' own, a repeated call counts once. (S2-33, S3-14)
 */
export const POST = apiRoute(
  {
    id: "recordUsage",
    summary: "Count a use, or up to 500 at once, or be refused at the limit",
    scope: "usage:write",
    body: z.union([UseInput, BatchInput]),
    answer: z.union([UsageRecordAnswer, UsageBatchAnswer]),
    idempotency: "service",
    errors: ["limit_reached", "not_found", "conflict", "overloaded"],
  },
  async (ctx, caller, { body, idempotencyKey }) => {
    if ("records" in body) return recordBatch(ctx, caller, body, idempotencyKey);
    const { meter, quantity } = body;
    const use = { meter, quantity, userId: await usingMember(ctx, caller, body) };
    const key = recordKey(idempotencyKey ?? newId());
    const recorded = await recordUsage(ctx, { customerId: caller.customerId, ...use, key });
    return usageRecordJson({ meter, quantity }, recorded);
  },
);

async function recordBatch(
  ctx: Context,
  caller: ApiCaller,
  { records, all_or_none: allOrNone }: z.infer<typeof BatchInput>,
  batchKey: string | null,
) {
  const { customerId } = caller;
  const asked = records.map(({ user_id }, index) => ({ user_id, field: `records.${index}.user_id` }));
  const userIds = await usingMembers(ctx, caller, asked);
  const uses = records.map(({ meter, quantity, idempotency_key: own }, index) => {
    // Without a key of its own a record goes by the request's, and its place there.
    const key = own === undefined ? `batch:${batchKey ?? newId()}:${index}` : recordKey(own);
    return { meter, quantity, userId: userIds[index] ?? null, key };
  });
  const recorded = await recordUsageRows(ctx, { customerId, uses, allOrNone });
  const keys = records.map(({ idempotency_key: own }) => own ?? null);
  const answer = usageBatchJson(recorded, keys);
  const refused = allOrNone ? recorded.rows.find(({ status }) => status === "refused") : undefined;
  if (refused?.status !== "refused") return answer;
  const { code, publicMessage, options } = refused.refusal;
  throw new AppError(code, publicMessage, {
    ...options,
    extra: { ...options.extra, records: answer.records },
  });
}

/** The same for a record that is sent alone and for one that is sent with others. */
function recordKey(key: string): string {
  return `record:${key}`;
}
