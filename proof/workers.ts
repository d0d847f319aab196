import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Job, WorkerMessage } from "./worker";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

export type Worker = {
  /** Resolves when it is done. @throws Error when it failed, or died before it was. */
  run(job: Job, hear?: (message: WorkerMessage) => void): Promise<void>;
  /** As by kill -9: nothing is finished, nothing is said. */
  kill(): void;
  exited: Promise<void>;
};

/** Starts a process that spends, and resolves when it takes jobs. It runs as this process does, and ends with it. */
export async function startWorker(databaseUrl: string): Promise<Worker> {
  const child = fork(WORKER, [databaseUrl], { env: { ...process.env, LOG_LEVEL: "silent" } });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("exit", (code) => reject(new Error(`a worker ended with ${code} before it began`)));
  });
  return {
    run: (job, hear) => runJob(child, job, hear),
    kill: () => child.kill("SIGKILL"),
    exited,
  };
}

function runJob(
  child: ChildProcess,
  job: Job,
  hear: (message: WorkerMessage) => void = () => {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onExit = () => end(() => reject(new Error("the worker died")));
    const onMessage = (message: WorkerMessage) => {
      if (message.kind === "done") end(resolve);
      else if (message.kind === "failed") end(() => reject(new Error(message.message)));
      else hear(message);
    };
    function end(settle: () => void): void {
      child.off("exit", onExit);
      child.off("message", onMessage);
      settle();
    }
    child.on("exit", onExit);
    child.on("message", onMessage);
    // A worker that has just been killed cannot be told anything: its exit says so.
    child.send(job, () => {});
  });
}
