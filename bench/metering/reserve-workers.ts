import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Measured } from "./measure-in-turns";
import type { ReserveJob, ReserveMessage } from "./reserve-worker";

const WORKER = fileURLToPath(new URL("reserve-worker.ts", import.meta.url));

export type ReserveWorkers = {
  /** All of them at once at one customer, the callers shared out among them. */
  measure(job: ReserveJob): Promise<Measured>;
  close(): void;
};

/** So many processes that reserve, as several servers would; they end with this one. */
export async function startReserveWorkers(databaseUrl: string, count: number): Promise<ReserveWorkers> {
  const workers = await Promise.all(
    Array.from({ length: count }, async () => {
      const child = fork(WORKER, [databaseUrl], { env: { ...process.env, LOG_LEVEL: "silent" } });
      await nextMessage(child);
      return child;
    }),
  );
  return {
    async measure({ callers, ...job }) {
      const own = await Promise.all(
        workers.map(async (child) => {
          child.send({ ...job, callers: callers / workers.length });
          const message = await nextMessage(child);
          if (message.kind !== "measured")
            throw new Error(`a process of the benchmark ${message.kind}: ${JSON.stringify(message)}`);
          return message;
        }),
      );
      return {
        perSecond: own.reduce((sum, { perSecond }) => sum + perSecond, 0),
        latencies: own.flatMap(({ latencies }) => latencies).sort((a, b) => a - b),
      };
    },
    close() {
      for (const child of workers) child.disconnect();
    },
  };
}

async function nextMessage(child: ChildProcess): Promise<ReserveMessage> {
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`a process of the benchmark ended with ${code}`);
  });
  const [message] = await Promise.race([once(child, "message"), ended]);
  ended.catch(() => {});
  return message;
}
