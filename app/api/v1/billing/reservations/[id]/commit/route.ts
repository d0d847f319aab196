import { CommitInput, ReservationParams } from "@/app/api/v1/billing/metering-input";
import { committedJson } from "@/lib/http/metering-json";
import { CommittedReservationAnswer } from "@/lib/http/metering-schemas";
import { apiRoute } from "@/lib/http/routes";
import { commitReservation } from "@/lib/services/usage/settle-reservation";

/** Posts what was really used and gives the rest back. Repeated, it answers what was posted first. */
export const POST = apiRoute(
  {
    id: "commitReservation",
    summary: "Post what was really used of a reservation, and give the rest back",
    scope: "usage:write",
    params: ReservationParams,
    body: CommitInput,
    answer: CommittedReservationAnswer,
    errors: ["not_found", "conflict", "overloaded"],
  },
  async (ctx, { customerId }, { params, body }) => {
    const { quantity, credits_per_unit: creditsPerUnit, source, model, request_id, details } = body;
    const settled = await commitReservation(ctx, {
      customerId,
      reservationId: params.id,
      quantity,
      creditsPerUnit,
      details: { ...details, source, ...(model && { model }), ...(request_id && { request_id }) },
    });
    return committedJson(params.id, settled);
  },
);
