import { z } from "zod";
import { setClockOffset } from "@/lib/clock";
import { localRoute } from "@/lib/http/routes";

/** A century: beyond it somebody mistook the unit, and far beyond there are no dates. */
const MAX_OFFSET_MS = 100 * 365 * 24 * 60 * 60 * 1000;
const ClockInput = z.strictObject({ offset_ms: z.int().min(0).max(MAX_OFFSET_MS) });

/** The local Stripe moved its clock; the product moves with it. Answered when it has. */
export const POST = localRoute(ClockInput, async (_ctx, { offset_ms }) => {
  setClockOffset(offset_ms);
  return { offset_ms };
});
