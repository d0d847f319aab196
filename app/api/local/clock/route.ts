import { z } from "zod";
import { setClockOffset } from "@/lib/clock";
import { localRouteWithBody } from "@/lib/http/routes";

const ClockInput = z.strictObject({ offset_ms: z.int().min(0) });

/** The local Stripe moved its clock; the product moves with it. Answered when it has. */
export const POST = localRouteWithBody(ClockInput, async (_ctx, { offset_ms }) => {
  setClockOffset(offset_ms);
  return { offset_ms };
});
