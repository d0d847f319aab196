import { optional, type Param, required, text } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { labCall } from "@/local/stripe/lab/lab-call";
import { listSnapshots, restoreSnapshot, saveSnapshot } from "@/local/stripe/lab/snapshots";
import { tellFollowers } from "@/local/stripe/time/move-clock";
import { clockState, stopClockJob } from "./clock-jobs";

/** Keeping the whole state under a name, and going back to it. */
export const snapshotCalls = [
  labCall({
    method: "GET",
    path: "/lab/snapshots",
    params: {},
    run: (lab) => ({ data: listSnapshots(lab.snapshots) }),
  }),
  labCall({
    method: "POST",
    path: "/lab/snapshots",
    params: { name: required(nameParam()) },
    run(lab, { name }) {
      saveSnapshot(lab.snapshots, lab.store, name);
      return { name };
    },
    says: ({ name }) => `Everything is kept as ${name}.`,
  }),
  labCall({
    method: "POST",
    path: "/lab/snapshots/:name/restore",
    params: {},
    async run(lab, _params, { name }) {
      stopClockJob(lab);
      restoreSnapshot(lab.snapshots, lab.store, name);
      lab.faults.length = 0;
      lab.syncEndpoints();
      const followers = await tellFollowers(lab.clockFollowers, lab.clock.offsetMs());
      return { name, ...clockState(lab), followers };
    },
    says: ({ name }) => `Everything is as ${name} has it.`,
  }),
];

/** It becomes a file's name. */
function nameParam(): Param<string> {
  return optional((value, path) => {
    const name = text(60).parse(value, path);
    if (/^[\w-]+$/.test(name)) return name;
    throw invalidRequest(`Invalid ${path}: only letters, digits, - and _ are allowed.`, { param: path });
  });
}
