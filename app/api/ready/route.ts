import { probeRoute } from "@/lib/http/routes";
import { checkReadiness, type Readiness } from "@/lib/services/health/check-readiness";

/** Whoever may ask this may ask it often; Stripe and the database are asked at most this often. */
const KEPT_MS = 2_000;
let kept: { at: number; readiness: Promise<Readiness> } | undefined;

/** Ready: 200 when traffic may be sent, degraded or not; 503 when it must not. Says of each system in words. */
export const GET = probeRoute(async (ctx) => {
  if (!kept || Date.now() - kept.at > KEPT_MS) kept = { at: Date.now(), readiness: checkReadiness(ctx) };
  const readiness = await kept.readiness;
  return Response.json(readiness, {
    status: readiness.status === "unavailable" ? 503 : 200,
    headers: { "cache-control": "no-store" },
  });
});
