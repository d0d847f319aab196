import { cronRoute } from "@/lib/http/routes";
import { forgetExpired } from "@/lib/services/housekeeping/forget-expired";

/** Every hour: what is kept for a time and whose time is over. */
export const POST = cronRoute(async (ctx) => forgetExpired(ctx));
export const GET = POST;
