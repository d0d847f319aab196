/** Work that goes on beside the API and can be watched and stopped. Kept in memory only. */
export type Job = {
  id: string;
  kind: "clock";
  status: "running" | "done" | "stopped" | "failed";
  /** From 0 to 1. */
  progress: number;
  /** What is to be seen of it, e.g. where the clock stands. */
  from: number;
  to: number;
  error: string | null;
};

export type Jobs = { byId: Map<string, Job>; running: Job | null; count: number };

const MAX_JOBS = 50;

export function createJobs(): Jobs {
  return { byId: new Map(), running: null, count: 0 };
}

/** Notes a new job as running; old ones that ended are forgotten. */
export function addJob(jobs: Jobs, from: number, to: number): Job {
  jobs.count += 1;
  const job: Job = {
    id: `job_${jobs.count}`,
    kind: "clock",
    status: "running",
    progress: 0,
    from,
    to,
    error: null,
  };
  jobs.byId.set(job.id, job);
  jobs.running = job;
  const [oldest] = jobs.byId.keys();
  if (oldest !== undefined && jobs.byId.size > MAX_JOBS) jobs.byId.delete(oldest);
  return job;
}

/** Ends a job, whoever ends it first. */
export function endJob(jobs: Jobs, job: Job, status: "done" | "stopped" | "failed", error?: string): void {
  if (job.status !== "running") return;
  job.status = status;
  job.error = error ?? null;
  if (jobs.running === job) jobs.running = null;
}
