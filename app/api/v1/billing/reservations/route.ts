import { ReservationInput } from "@/app/api/v1/billing/metering-input";
import { usingMember } from "@/app/api/v1/billing/using-member";
import { reservationJson } from "@/lib/http/metering-json";
import { ReservationAnswer } from "@/lib/http/metering-schemas";
import { apiRoute } from "@/lib/http/routes";
import { newId } from "@/lib/new-id";
import { reserveUsage } from "@/lib/services/usage/reserve-usage";

/**
 * Holds units before they are used, or refuses at the limit. With an `Idempotency-Key`, a repeated call holds once and is
 * answered the first one's reservation, in the state it is in by now. (S2-54, S1-97, K-28)
 */
export const POST = apiRoute(
  {
    id: "reserveUsage",
    summary: "Hold units before they are used, or be refused at the limit",
    scope: "usage:write",
    body: ReservationInput,
    answer: ReservationAnswer,
    statuses: [200, 201],
    idempotency: "service",
    errors: ["limit_reached", "not_found", "overloaded"],
  },
  async (ctx, caller, { request, body, idempotencyKey }) => {
    const { customerId } = caller;
    const { meter, quantity, min_quantity: least } = body;
    const userId = await usingMember(ctx, caller, body);
    const key = `reserve:${idempotencyKey ?? newId()}`;
    const { signal } = request;
    const reservation = await reserveUsage(ctx, { customerId, userId, meter, quantity, least, key, signal });
    return Response.json(ReservationAnswer.parse(reservationJson(body, reservation)), {
      status: reservation.isReplay ? 200 : 201,
      headers: {
        "cache-control": "private, no-store",
        ...(reservation.isReplay ? { "idempotent-replayed": "true" } : {}),
      },
    });
  },
);
