import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

import type { PostgresAccount } from "./postgres-account";
import type { PostgresBinaries } from "./postgres-binaries";

export type ServerOptions = {
  folder: string;
  port: number;
  durable: boolean;
  binaries: PostgresBinaries;
  account: PostgresAccount;
  env: NodeJS.ProcessEnv;
};

export type ServerProcess = {
  pid: number;
  /** Resolves when the server has gone, to the last lines it wrote. */
  exited: Promise<string>;
  /** A fast shutdown: open transactions are rolled back, everything committed is on disk. Safe to call twice. */
  stop(): Promise<void>;
};

export type ServerOutcome = { ok: true; server: ServerProcess } | { ok: false; log: string };

/** Small on purpose: all stand-ins together shall fit a laptop beside an editor and a browser. */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  shared_buffers: "24MB",
  max_wal_size: "256MB",
  min_wal_size: "32MB",
  max_parallel_workers: "0",
  max_logical_replication_workers: "0",
  wal_level: "minimal",
  max_wal_senders: "0",
  // The default keeps three processes waiting for work.
  io_method: "sync",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
};

/** Recovery after a crash is part of the wait: Postgres says "ready" only when it is through. */
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 8000;
const KEPT_LOG_LINES = 20;

/** Runs the server on a cluster and resolves once it takes connections or has given up. */
export async function runServer(options: ServerOptions): Promise<ServerOutcome> {
  const { folder, port, durable, binaries, account, env } = options;
  const settings = { ...SETTINGS, port: String(port), fsync: durable ? "on" : "off" };
  const child = spawn(binaries.postgres, ["-D", folder, ...toArguments(settings)], {
    ...account,
    env,
    cwd: "/",
    stdio: ["ignore", "ignore", "pipe"],
    // A Ctrl-C in the terminal goes to the whole process group; the database leaves last, when told.
    detached: true,
  });
  const log: string[] = [];
  const ready = new Promise<"ready">((resolve) => {
    createInterface({ input: child.stderr }).on("line", (line) => {
      log.push(line);
      if (log.length > KEPT_LOG_LINES) log.shift();
      if (line.includes("database system is ready to accept connections")) resolve("ready");
    });
  });
  const exited = new Promise<string>((resolve) => {
    // "close" comes after the last line of the log, "exit" may come before it.
    child.once("close", () => resolve(log.join("\n")));
    child.once("error", (error) => resolve(error.message));
  });
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(
      () => resolve(["it is not ready after a minute", ...log].join("\n")),
      START_TIMEOUT_MS,
    );
  });
  const outcome = await Promise.race([ready, exited, timeout]);
  clearTimeout(timer);
  if (outcome !== "ready" || child.pid === undefined) {
    child.kill("SIGKILL");
    return { ok: false, log: outcome };
  }
  return { ok: true, server: { pid: child.pid, exited, stop } };

  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (process.platform === "win32") {
      // Windows knows no signals: only pg_ctl can ask for a clean stop.
      spawn(binaries.pgCtl, ["stop", "-D", folder, "-m", "fast"], { env, stdio: "ignore" });
    } else {
      child.kill("SIGINT");
    }
    const lastResort = setTimeout(() => child.kill("SIGQUIT"), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(lastResort);
  }
}

function toArguments(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
