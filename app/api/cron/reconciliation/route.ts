import { cronRoute } from "@/lib/http/routes";
import { openEdgeComparison } from "@/lib/services/edge/compare-edge-counters";
import { reconcile } from "@/lib/services/reconciliation/reconcile";
import { detailsOf, uncomparedOf } from "@/lib/services/reconciliation/reconciliation-run";

/** A host ends what runs for a minute: the next call goes on where this one stopped. */
const MOST_SECONDS = 40;

/** Every hour: what is derived against the facts it is derived from, and the copies at the edge. Drifts are repaired. */
export const POST = cronRoute(async (ctx) => {
  const compareEdgeCounters = openEdgeComparison(ctx);
  const run = await reconcile(ctx, { repairs: true, maxSeconds: MOST_SECONDS, compareEdgeCounters });
  if (!run) return { busy: true };
  return {
    finished: run.finishedAt !== null,
    checked: run.checked,
    drifted: run.drifted,
    repaired: run.repaired,
    uncompared_at_edge: uncomparedOf(detailsOf(run)),
  };
});
export const GET = POST;
