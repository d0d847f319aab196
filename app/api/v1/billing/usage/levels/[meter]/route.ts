import { LevelDeltaInput, LevelInput, LevelParams } from "@/app/api/v1/billing/metering-input";
import { changedLevelJson } from "@/lib/http/metering-json";
import { ChangedLevelAnswer } from "@/lib/http/metering-schemas";
import { platformForCustomerRoute } from "@/lib/http/routes";
import { newId } from "@/lib/new-id";
import { type ChangedLevel, changeLevel } from "@/lib/services/usage/change-level";

/*
 * For the platform alone: whoever may lower a level may go past its limit, and the customer would.
 */

/** Sets a level to what it really is. */
export const PUT = platformForCustomerRoute(
  {
    id: "setUsageLevel",
    summary: "Set a level, or be refused above the limit",
    scope: "usage:write",
    params: LevelParams,
    body: LevelInput,
    answer: ChangedLevelAnswer,
    idempotency: "service",
    errors: ["limit_reached"],
  },
  async (ctx, { customerId }, { params, body, idempotencyKey }) =>
    answer(
      await changeLevel(ctx, {
        customerId,
        meter: params.meter,
        change: { level: body.level },
        key: idempotencyKey ?? newId(),
      }),
    ),
);

/** Raises or lowers a level by what was added or taken away. */
export const POST = platformForCustomerRoute(
  {
    id: "changeUsageLevel",
    summary: "Raise or lower a level, or be refused above the limit and below zero",
    scope: "usage:write",
    params: LevelParams,
    body: LevelDeltaInput,
    answer: ChangedLevelAnswer,
    idempotency: "service",
    errors: ["limit_reached", "conflict"],
  },
  async (ctx, { customerId }, { params, body, idempotencyKey }) =>
    answer(
      await changeLevel(ctx, {
        customerId,
        meter: params.meter,
        change: { delta: body.delta },
        key: idempotencyKey ?? newId(),
      }),
    ),
);

function answer(changed: ChangedLevel): Response {
  return Response.json(ChangedLevelAnswer.parse(changedLevelJson(changed)), {
    headers: {
      "cache-control": "private, no-store",
      ...(changed.isReplay ? { "idempotent-replayed": "true" } : {}),
    },
  });
}
