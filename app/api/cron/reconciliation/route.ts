import { cronRoute } from "@/lib/http/routes";
import { reconcile } from "@/lib/services/reconciliation/reconcile";

/** A host ends what runs for a minute: the next call goes on where this one stopped. */
const MOST_SECONDS = 40;

/** Every hour: what is derived against the facts it is derived from. Drifts are repaired. */
export const POST = cronRoute(async (ctx) => {
  const run = await reconcile(ctx, { repairs: true, maxSeconds: MOST_SECONDS });
  if (!run) return { busy: true };
  return {
    finished: run.finishedAt !== null,
    checked: run.checked,
    drifted: run.drifted,
    repaired: run.repaired,
  };
});
export const GET = POST;
