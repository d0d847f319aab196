import { flag, required, text } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { labCall } from "@/local/stripe/lab/lab-call";
import { scenarioOf, startRecording } from "@/local/stripe/lab/recorder";
import { replayScenario } from "@/local/stripe/lab/replay";
import { queryRows } from "@/local/stripe/store/store";
import { tellFollowers } from "@/local/stripe/time/move-clock";
import { clockState, stopClockJob } from "./clock-jobs";

const MAX_SCENARIO_LENGTH = 1_000_000;

/** Recording what is called, and calling it again. */
export const scenarioCalls = [
  labCall({
    method: "POST",
    path: "/lab/recording",
    params: {},
    run(lab) {
      const isEmpty =
        queryRows(lab.store, "select 1 as one from objects where type = 'customer' limit 1").length === 0;
      // A seed gives the same ids only to those who start where it starts.
      const head = {
        scenario: 1,
        starts_at: lab.clock.now(),
        seed: isEmpty ? lab.store.ids.seed : null,
      } as const;
      startRecording(lab.recorder, head);
      return { recording: true };
    },
    says: () => "Everything that is called from now on is recorded.",
  }),
  labCall({
    method: "GET",
    path: "/lab/recording",
    params: {},
    run: ({ recorder: { recording } }) => ({
      recording: recording !== null,
      scenario: recording && scenarioOf(recording),
    }),
  }),
  labCall({
    method: "DELETE",
    path: "/lab/recording",
    params: {},
    run({ recorder }) {
      const { recording } = recorder;
      recorder.recording = null;
      return { recording: false, scenario: recording && scenarioOf(recording) };
    },
    says: () => "The recording has ended.",
  }),
  labCall({
    method: "POST",
    path: "/lab/replay",
    params: { scenario: required(text(MAX_SCENARIO_LENGTH)), reset: flag() },
    async run(lab, { scenario, reset }) {
      if (lab.recorder.recording !== null) {
        throw invalidRequest("A recording is under way; end it first.", { param: "scenario" });
      }
      stopClockJob(lab);
      const replay = await replayScenario(lab, scenario, reset ?? false);
      const followers = await tellFollowers(lab.clockFollowers, lab.clock.offsetMs());
      await lab.catchUpDeliveries();
      return { ...replay, ...clockState(lab), followers };
    },
    says: ({ replayed, differences }) =>
      `${replayed} calls were made again, ${differences.length} of them answered otherwise.`,
  }),
];
