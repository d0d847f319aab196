import { z } from "zod";
import { AppError } from "@/lib/app-error";
import { apiRoute } from "@/lib/http/routes";

/** Everything an API route has in common, and nothing else: what bench/guarded-route.ts measures. */
export const GET = apiRoute(
  {
    id: "guardedNothing",
    summary: "Nothing, with everything around it",
    scope: "usage:read",
    answer: z.strictObject({ ok: z.literal(true) }),
  },
  async (ctx) => {
    if (!ctx.env.local) throw new AppError("not_found", "There is nothing here.");
    return { ok: true };
  },
);
