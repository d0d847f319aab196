import { CRON_JOBS } from "@/lib/services/setup/cron-jobs";

const PERIOD_MS = 15_000;

/** What elsewhere is due every minute is called in each round here; what is due less often, and is more work, in each such many. */
const ROUNDS_OF_THE_RARE = 20;
const EVERY_MINUTE = "* * * * *";

export type ScheduledJobs = { stop(): void };

/**
 * Calls the scheduled jobs of the app at `appUrl`, as a host's scheduler does elsewhere, only more often. A job that fails is
 * reported once, and again only after it has worked meanwhile.
 *
 * @param report takes one line for the person at the terminal
 */
export function runScheduledJobs(
  appUrl: string,
  cronSecret: string,
  report: (line: string) => void,
  periodMs = PERIOD_MS,
): ScheduledJobs {
  const failing = new Set<string>();
  const busy = new Set<string>();
  let isStopped = false;

  async function runJob(path: string): Promise<void> {
    const job = path.split("/").at(-1) ?? path;
    // The last call is still at it: two at once would only wait for each other.
    if (busy.has(job)) return;
    busy.add(job);
    const failure = await callJob(`${appUrl}${path}`, cronSecret);
    busy.delete(job);
    if (failure === null) failing.delete(job);
    else if (!failing.has(job) && !isStopped) {
      failing.add(job);
      report(`The scheduled job ${job} failed (${failure}); it is tried again every ${periodMs / 1000} s.`);
    }
  }

  let round = 0;
  const timer = setInterval(() => {
    for (const { path, schedule } of CRON_JOBS) {
      if (schedule === EVERY_MINUTE || round % ROUNDS_OF_THE_RARE === 0) void runJob(path);
    }
    round += 1;
  }, periodMs);
  return {
    stop() {
      isStopped = true;
      clearInterval(timer);
    },
  };
}

async function callJob(url: string, secret: string): Promise<string | null> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}` },
      signal: AbortSignal.timeout(60_000),
    });
    await response.arrayBuffer();
    return response.ok ? null : `status ${response.status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
