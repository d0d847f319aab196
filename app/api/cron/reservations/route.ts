import { cronRoute } from "@/lib/http/routes";
import { expireReservations } from "@/lib/services/usage/expire-reservations";

/** Every minute: holds that nobody settled. */
export const POST = cronRoute(async (ctx) => ({ expired: await expireReservations(ctx, { limit: 1_000 }) }));
export const GET = POST;
