import { type ChildProcess, spawn } from "node:child_process";

import { stopWhenThisProcessDies } from "@/local/stop-when-this-process-dies";

export type RunResult = { ok: boolean; output: string };

export type ChildProcesses = {
  /** Runs Node with these arguments to its end; `output` is what it printed last. */
  run(args: string[], env?: Record<string, string>): Promise<RunResult>;
  /** Starts Node with these arguments and leaves it running. */
  start(args: string[], env?: Record<string, string>): ChildProcess;
  /** Ends all that still run, and from now on what is started too. */
  stopAll(): Promise<void>;
};

const STOP_TIMEOUT_MS = 5000;
const KEPT_CHARACTERS = 8000;

/** The processes this one starts, tied to it: none outlives it, however it ends. */
export function createChildProcesses(): ChildProcesses {
  const running = new Map<ChildProcess, Promise<unknown>>();
  let isStopping = false;

  function start(args: string[], env: Record<string, string> = {}): ChildProcess {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // In a group of its own: a Ctrl-C is for this process to pass on, in order, and a stop reaches grandchildren.
      detached: process.platform !== "win32",
    });
    const ended = new Promise((resolve) => {
      child.once("error", resolve);
      child.once("exit", resolve);
    });
    running.set(child, ended);
    void ended.then(() => running.delete(child));
    if (child.pid !== undefined) stopWhenThisProcessDies(-child.pid, null, ended);
    if (isStopping) signal(child, "SIGTERM");
    return child;
  }

  function run(args: string[], env: Record<string, string> = {}): Promise<RunResult> {
    const child = start(args, env);
    let output = "";
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-KEPT_CHARACTERS);
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    return new Promise((resolve) => {
      child.once("error", (error) => resolve({ ok: false, output: error.message }));
      child.once("close", (code) => resolve({ ok: code === 0, output: output.trim() }));
    });
  }

  async function stopAll(): Promise<void> {
    isStopping = true;
    for (const child of running.keys()) signal(child, "SIGTERM");
    const timer = setTimeout(() => {
      for (const child of running.keys()) signal(child, "SIGKILL");
    }, STOP_TIMEOUT_MS);
    await Promise.all(running.values());
    clearTimeout(timer);
  }

  return { run, start, stopAll };
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
