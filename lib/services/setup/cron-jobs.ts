/** What the scheduler calls, by `Authorization: Bearer $CRON_SECRET`, and how often. One per folder of app/api/cron. */
export const CRON_JOBS = [
  { path: "/api/cron/stripe-events", schedule: "* * * * *", what: "events of Stripe that are due" },
  { path: "/api/cron/stripe-commands", schedule: "* * * * *", what: "writes that Stripe has not answered" },
  { path: "/api/cron/reservations", schedule: "* * * * *", what: "holds that nobody settled" },
  { path: "/api/cron/subscriptions", schedule: "* * * * *", what: "periods that ended unheard" },
  {
    path: "/api/cron/reconciliation",
    schedule: "23 * * * *",
    what: "counters and credits against the facts",
  },
  { path: "/api/cron/housekeeping", schedule: "7 * * * *", what: "what is kept for a time only" },
] as const;

/** Lines for a crontab on a machine that has CRON_SECRET in its environment. */
export function crontab(appUrl: string): string {
  return CRON_JOBS.map(
    ({ path, schedule }) =>
      `${schedule} curl -fsS -X POST -H "Authorization: Bearer $CRON_SECRET" ${appUrl}${path}`,
  ).join("\n");
}
