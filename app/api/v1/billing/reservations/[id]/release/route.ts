import { ReservationParams } from "@/app/api/v1/billing/metering-input";
import { ReleasedReservationAnswer } from "@/lib/http/metering-schemas";
import { apiRoute } from "@/lib/http/routes";
import { releaseReservation } from "@/lib/services/usage/settle-reservation";

/** Gives a hold back whole: nothing was used. Repeated, it changes nothing. */
export const POST = apiRoute(
  {
    id: "releaseReservation",
    summary: "Give a reservation back whole: nothing was used",
    scope: "usage:write",
    params: ReservationParams,
    answer: ReleasedReservationAnswer,
    errors: ["not_found", "conflict", "overloaded"],
  },
  async (ctx, { customerId }, { params }) => {
    const state = await releaseReservation(ctx, { customerId, reservationId: params.id });
    return { object: "reservation", id: params.id, state };
  },
);
