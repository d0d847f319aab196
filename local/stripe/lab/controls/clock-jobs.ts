import { setImmediate as nextTurn } from "node:timers/promises";
import { invalidRequest, StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { addJob, endJob, type Job } from "@/local/stripe/lab/jobs";
import type { Lab } from "@/local/stripe/lab/lab";
import { queryRows } from "@/local/stripe/store/store";
import { type ClockMove, moveClock, tellFollowers } from "@/local/stripe/time/move-clock";

/** A jump has about so many steps, more where much falls due. */
const STEPS = 100;
/** Of what falls due one step does about so much: others are answered in between. */
const WORK_PER_STEP = 50;

export function clockState(lab: Lab): { now: number; offset_ms: number } {
  return { now: lab.clock.now(), offset_ms: lab.clock.offsetMs() };
}

/** Whether a jump is under way. */
export function isMoving(lab: Lab): boolean {
  return lab.jobs.running !== null;
}

/**
 * Begins a jump that is made in steps beside the API, each like a jump of its own: what falls due is done, the followers are
 * told, events are delivered.
 * @throws StripeApiError 400 for a move back.
 */
export function startClockJob(lab: Lab, move: ClockMove): Job {
  const from = lab.clock.now();
  const to = targetOf(lab, move);
  if (to < from) throw invalidRequest("The clock only moves forward.", { param: "to" });
  const job = addJob(lab.jobs, from, to);
  // Nothing waits for it, so it may not fail aloud.
  void run(lab, job, move).catch((error: unknown) => {
    console.error("The local Stripe failed on a jump of the clock:", error);
    endJob(lab.jobs, job, "failed", error instanceof Error ? error.message : String(error));
  });
  return job;
}

/** Stops the jump that is under way, if any, between two of its steps. */
export function stopClockJob(lab: Lab): void {
  if (lab.jobs.running) endJob(lab.jobs, lab.jobs.running, "stopped");
}

async function run(lab: Lab, job: Job, move: ClockMove): Promise<void> {
  const isGoing = (): boolean => job.status === "running" && lab.store.db.isOpen;
  await nextTurn();
  while (isGoing()) {
    const next = nextStep(lab, job);
    const isLast = next >= job.to;
    step(lab, isLast ? lastMove(job, move) : { to: next });
    job.progress = isLast ? 1 : (next - job.from) / (job.to - job.from);
    await tellFollowers(lab.clockFollowers, lab.clock.offsetMs());
    if (!isGoing()) return;
    await lab.catchUpDeliveries();
    if (isLast) endJob(lab.jobs, job, "done");
    await nextTurn();
  }
}

/** Time went on by itself meanwhile; a step that it has overtaken is no step back. */
function step(lab: Lab, move: ClockMove): void {
  try {
    moveClock(lab.store, lab.clock, lab.baseUrl, move);
  } catch (error) {
    if (!(error instanceof StripeApiError)) throw error;
  }
}

function lastMove(job: Job, move: ClockMove): ClockMove {
  return "to" in move && move.to === "present" ? move : { to: job.to };
}

function targetOf(lab: Lab, move: ClockMove): number {
  if ("advanceMs" in move) return Math.floor((lab.clock.nowMs() + move.advanceMs) / 1000);
  return move.to === "present" ? Math.floor(Date.now() / 1000) : move.to;
}

function nextStep(lab: Lab, job: Job): number {
  const now = lab.clock.now();
  const even = Math.min(job.to, now + Math.max(1, Math.ceil((job.to - job.from) / STEPS)));
  const sql = "select at from due where test_clock is null and at <= ? order by at limit 1 offset ?";
  const [crowded] = queryRows<{ at: number }>(lab.store, sql, even, WORK_PER_STEP);
  return crowded ? Math.max(now + 1, Math.min(crowded.at, even)) : even;
}
