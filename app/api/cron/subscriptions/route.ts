import { cronRoute } from "@/lib/http/routes";
import { reconcileCustomers } from "@/lib/services/subscriptions/reconcile-customers";

/** Every minute: customers whose period ended and of whom nothing was heard since. */
export const POST = cronRoute((ctx) => reconcileCustomers(ctx, { limit: 50 }));
export const GET = POST;
