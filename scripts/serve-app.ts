import type { ChildProcess } from "node:child_process";
import { execFileSync } from "node:child_process";
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import { LocalStartError } from "@/local/start-error";

import type { ChildProcesses } from "./child-processes";

export type ServeOptions = { port: number; isLocal: boolean; isDev: boolean };

const HEALTH_TIMEOUT_MS = 60_000;

/**
 * Serves the app and resolves once it answers. In local mode it is reachable from this machine only.
 * @throws LocalStartError if it ends or does not answer; what it printed is on the terminal then.
 */
export async function serveApp(children: ChildProcesses, options: ServeOptions): Promise<ChildProcess> {
  const args = [
    `--v8-pool-size=${helperThreads()}`,
    "node_modules/next/dist/bin/next",
    options.isDev ? "dev" : "start",
    "-p",
    String(options.port),
  ];
  if (options.isLocal) args.push("-H", "127.0.0.1");
  const app = children.start(args, {
    PORT: String(options.port),
    NEXT_TELEMETRY_DISABLED: "1",
    // A line for every request would bury the table at the terminal.
    LOG_LEVEL: process.env.LOG_LEVEL || (options.isLocal ? "warn" : "info"),
  });

  let early = "";
  let isServing = false;
  for (const [from, to] of [
    [app.stdout, process.stdout],
    [app.stderr, process.stderr],
  ] as const) {
    from?.on("data", (chunk: Buffer) => {
      // Next's own banner would bury the table; what comes later is the app's log.
      if (isServing) to.write(chunk);
      else early += chunk.toString();
    });
  }
  const deadline = Date.now() + HEALTH_TIMEOUT_MS;
  while (!(await isTollkeeperOn(options.port))) {
    const hasEnded = app.exitCode !== null || app.signalCode !== null;
    if (hasEnded || Date.now() > deadline) {
      console.error(early.trim());
      throw new LocalStartError(
        hasEnded
          ? "The app ended while it started: see above."
          : `The app does not answer on port ${options.port} after ${HEALTH_TIMEOUT_MS / 1000} s: see above.`,
      );
    }
    await sleep(50);
  }
  isServing = true;
  return app;
}

/**
 * Node gives V8 four threads beside the one that answers, however many cores there are. On two cores, collecting garbage
 * then holds up requests for a fifth of a second every few thousand of them; one thread less than cores does not.
 */
function helperThreads(): number {
  return Math.min(4, Math.max(1, os.availableParallelism() - 1));
}

/** Whether what listens on the port is this product, up and well. */
export async function isTollkeeperOn(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/health`, {
      signal: AbortSignal.timeout(5000),
    });
    const health: unknown = await response.json();
    return (
      response.ok &&
      typeof health === "object" &&
      health !== null &&
      "name" in health &&
      health.name === "tollkeeper"
    );
  } catch {
    return false;
  }
}

/** " (node, pid 123)" if the system says who listens on the port, else nothing. */
export function describePortOwner(port: number): string {
  try {
    const lines = execFileSync("ss", ["-ltnpH", `sport = :${port}`], { encoding: "utf8", stdio: "pipe" });
    const [, name, pid] = /users:\(\("([^"]+)",pid=(\d+)/.exec(lines) ?? [];
    return pid === undefined ? "" : ` (${name}, pid ${pid})`;
  } catch {
    return "";
  }
}
