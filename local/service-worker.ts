import { parentPort, workerData } from "node:worker_threads";

import type { LocalService } from "./service";
import { LocalStartError } from "./start-error";
import { type ServicePlan, startService } from "./start-service";

/** What the worker tells the thread that started it. */
export type WorkerMessage =
  | { kind: "ready"; name: string; url: string }
  | { kind: "failed"; message: string; reason: "port_in_use" | "for_the_person" | "unexpected" };

/** The one message a worker understands. */
export const CLOSE = "close";

if (parentPort === null) throw new Error("service-worker.ts runs as a worker thread only.");
const parent = parentPort;
// The cast holds: start-in-worker.ts is the only one to start this file.
const starting = startService(workerData as ServicePlan);

starting.then(
  ({ name, url }) => tell({ kind: "ready", name, url }),
  (error: unknown) => {
    tell(describeFailure(error));
    process.exit(1);
  },
);

parent.on("message", (message) => {
  if (message === CLOSE) void starting.then(closeAndExit);
});

async function closeAndExit(service: LocalService): Promise<void> {
  await service.close();
  process.exit(0);
}

function tell(message: WorkerMessage): void {
  parent.postMessage(message);
}

function describeFailure(error: unknown): WorkerMessage {
  if (!(error instanceof Error)) return { kind: "failed", message: String(error), reason: "unexpected" };
  if ("code" in error && error.code === "EADDRINUSE") {
    return { kind: "failed", message: error.message, reason: "port_in_use" };
  }
  const reason = error instanceof LocalStartError ? "for_the_person" : "unexpected";
  return {
    kind: "failed",
    message: reason === "unexpected" ? (error.stack ?? error.message) : error.message,
    reason,
  };
}
