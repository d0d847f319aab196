import { Worker } from "node:worker_threads";

import { portVariable } from "./ports";
/** The same as `CLOSE` and `WorkerMessage` of service-worker.ts, which runs when imported. */
import type { CLOSE, WorkerMessage } from "./service-worker";
import { LocalStartError } from "./start-error";
import type { ServicePlan } from "./start-service";
import type { SupervisedService } from "./supervise";

const CLOSE_MESSAGE: typeof CLOSE = "close";
const CLOSE_TIMEOUT_MS = 3000;

/** Starts a stand-in in a thread of this process, so that one that hangs or dies takes no other with it. */
export async function startInWorker(plan: ServicePlan): Promise<SupervisedService> {
  const worker = new Worker(new URL("./service-worker.ts", import.meta.url), {
    workerData: plan,
    execArgv: ["--import", new URL("./resolve-typescript.mjs", import.meta.url).href],
    // A stand-in holds little; without limits each thread's heap grows as if it had the machine.
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8 },
  });
  let lastError = "it ended";
  const exited = new Promise<string>((resolve) => {
    worker.once("error", (error: Error) => {
      lastError = error.message;
    });
    worker.once("exit", () => resolve(lastError));
  });
  const message = await Promise.race([
    new Promise<WorkerMessage>((resolve) => worker.once("message", resolve)),
    exited.then((reason): WorkerMessage => ({ kind: "failed", message: reason, reason: "unexpected" })),
  ]);
  if (message.kind === "failed") throw startError(plan, message);

  return {
    name: message.name,
    url: message.url,
    exited,
    async close() {
      worker.postMessage(CLOSE_MESSAGE);
      const timer = setTimeout(() => void worker.terminate(), CLOSE_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

function startError(plan: ServicePlan, failed: Extract<WorkerMessage, { kind: "failed" }>): Error {
  const { service } = plan;
  switch (failed.reason) {
    case "port_in_use":
      return new LocalStartError(
        `Port ${plan.options.port} for the local ${service} is in use: stop what uses it, or set ${portVariable(service)} to a free one.`,
      );
    case "for_the_person":
      return new LocalStartError(failed.message);
    case "unexpected":
      return new Error(`The local ${service} did not start: ${failed.message}`);
  }
}
