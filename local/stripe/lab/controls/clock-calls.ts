import {
  flag,
  hash,
  integer,
  optional,
  type Param,
  type ParamsOf,
  text,
  timestamp,
} from "@/local/stripe/http/params";
import { invalidRequest, resourceMissing } from "@/local/stripe/http/stripe-api-error";
import type { Job } from "@/local/stripe/lab/jobs";
import type { Lab } from "@/local/stripe/lab/lab";
import { labCall } from "@/local/stripe/lab/lab-call";
import { type ClockMove, moveClock, startClockAt, tellFollowers } from "@/local/stripe/time/move-clock";
import { clockState, isMoving, startClockJob, stopClockJob } from "./clock-jobs";
import { type Moment, momentOf } from "./moment-of";

const momentShape = { end_of_retries: text(), next_renewal: text(), trial_end: text() };
// Of the first three one is given.
const moveParams = {
  advance_ms: integer({ min: 0 }),
  start_at: timestamp(),
  to: momentParam(),
  in_steps: flag(),
};

type MoveAnswer = { now: number; offset_ms: number; job?: Job };

/** Business time: where it stands, and moving it. */
export const clockCalls = [
  labCall({ method: "GET", path: "/lab/clock", params: {}, run: clockState }),
  labCall({ method: "POST", path: "/lab/clock", params: moveParams, run: move, says: sayMove }),
  labCall({
    method: "GET",
    path: "/lab/jobs/:id",
    params: {},
    run: (lab, _params, { id }) => ({ ...clockState(lab), ...getJob(lab, id) }),
  }),
  labCall({
    method: "POST",
    path: "/lab/jobs/:id/stop",
    params: {},
    run(lab, _params, { id }) {
      const job = getJob(lab, id);
      if (job === lab.jobs.running) stopClockJob(lab);
      return { ...clockState(lab), ...job };
    },
    says: ({ status }) => (status === "stopped" ? "The jump is stopped where it was." : "It had ended."),
  }),
];

async function move(lab: Lab, params: ParamsOf<typeof moveParams>): Promise<MoveAnswer> {
  if (isMoving(lab)) {
    throw invalidRequest(`The clock is on its way (${lab.jobs.running?.id}); stop that or wait for it.`, {
      param: "to",
    });
  }
  const move = readMove(lab, params);
  if (params.in_steps === true) {
    if ("startAt" in move) {
      throw invalidRequest("A beginning of time has no steps on its way.", { param: "in_steps" });
    }
    const job = startClockJob(lab, move);
    return { ...clockState(lab), job };
  }
  if ("startAt" in move) startClockAt(lab.store, move.startAt);
  else moveClock(lab.store, lab.clock, lab.baseUrl, move);
  // The app knows the new time before it hears what happened on the way.
  const followers = await tellFollowers(lab.clockFollowers, lab.clock.offsetMs());
  await lab.catchUpDeliveries();
  return { ...clockState(lab), ...{ followers } };
}

function sayMove({ now, job }: MoveAnswer): string {
  if (job && job.status !== "done") return "The clock is on its way.";
  return `It is now ${new Date(now * 1000).toISOString().replace(".000Z", "Z")}.`;
}

function readMove(lab: Lab, params: ParamsOf<typeof moveParams>): ClockMove | { startAt: number } {
  const { to, advance_ms: advanceMs, start_at: startAt } = params;
  if ([to, advanceMs, startAt].filter((value) => value !== undefined).length === 1) {
    if (to !== undefined) return { to: typeof to === "object" ? momentOf(lab, to) : to };
    if (advanceMs !== undefined) return { advanceMs };
    if (startAt !== undefined) return { startAt };
  }
  throw invalidRequest("Give one of `advance_ms`, `to` and `start_at`.", { param: "to" });
}

/** A unix time, a date as people and forms write it, "present" for the wall clock's, or a moment in an object's life. */
function momentParam(): Param<number | "present" | Moment> {
  return optional((value, path) => {
    if (value === "present") return value;
    if (typeof value !== "string") return hash(momentShape).parse(value, path);
    if (/^\d{4}-\d\d-\d\d/.test(value)) return readDate(value, path);
    return timestamp().parse(value, path);
  });
}

/** A date without a zone is UTC. */
function readDate(value: string, path: string): number {
  const text = /T.*(Z|[+-]\d\d:\d\d)$/.test(value) || !value.includes("T") ? value : `${value}Z`;
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return Math.floor(ms / 1000);
  throw invalidRequest(`Invalid ${path}: ${value} is no date.`, { param: path });
}

function getJob(lab: Lab, id: string): Job {
  const job = lab.jobs.byId.get(id);
  if (!job) throw resourceMissing("job", id, "id", 404);
  return job;
}
