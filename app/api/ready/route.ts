import { publicRoute } from "@/lib/http/routes";
import { checkReadiness, type Readiness } from "@/lib/services/health/check-readiness";

/** Stripe allows 25 reads a second, and whoever may ask this may ask it often. */
const KEPT_MS = 5_000;
let kept: { at: number; readiness: Promise<Readiness> } | undefined;

/** Ready: 200 when traffic may be sent, degraded or not; 503 when it must not. */
export const GET = publicRoute(async (ctx) => {
  if (!kept || Date.now() - kept.at > KEPT_MS) kept = { at: Date.now(), readiness: checkReadiness(ctx) };
  const readiness = await kept.readiness;
  return Response.json(readiness, {
    status: readiness.status === "unavailable" ? 503 : 200,
    headers: { "cache-control": "no-store" },
  });
});
