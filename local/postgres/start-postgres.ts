import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";

import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { findFreePort, isPortFree } from "@/local/free-port";
import type { LocalService } from "@/local/service";
import { LocalStartError } from "@/local/start-error";

import { createClusterIfMissing } from "./create-cluster";
import { createDatabasesIfMissing } from "./create-databases";
import { settleDataFolder } from "./data-folder";
import { recordDataFolderOwner, takeOverDataFolder } from "./data-folder-owner";
import { type PostgresAccount, postgresAccount } from "./postgres-account";
import { type PostgresBinaries, preparePostgresBinaries } from "./postgres-binaries";
import { stopWhenThisProcessDies } from "./stop-when-this-process-dies";

export type PostgresOptions = {
  /** 0 takes a free one. */
  port: number;
  dataDir: string;
  /** False gives up fsync: only for tests that throw the folder away. */
  durable: boolean;
  /** Made if missing; the first is the one `url` names. */
  databases: string[];
};

export type LocalPostgres = LocalService & {
  port: number;
  pid: number;
  databaseUrl(database: string): string;
  /** Resolves when the server has gone, by `close` or by itself, to the last lines it wrote. */
  exited: Promise<string>;
};

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

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 8000;

/**
 * Starts a real Postgres on 127.0.0.1, from the binaries npm installed, and resolves once it takes
 * connections. It ends with this process, even if this process is killed.
 *
 * @throws LocalStartError naming what is wrong and what to do.
 */
export async function startPostgres(options: PostgresOptions): Promise<LocalPostgres> {
  const account = postgresAccount();
  const binaries = preparePostgresBinaries(account);
  const env = { ...process.env, LD_LIBRARY_PATH: binaries.libraryPath, LC_ALL: "C", TZ: "UTC" };
  const folder = settleDataFolder(options.dataDir, account);
  if (existsSync(folder)) await takeOverDataFolder(folder);
  const port = options.port === 0 ? await findFreePort() : options.port;
  if (!(await isPortFree(port))) throw portInUse(port);
  createClusterIfMissing(folder, binaries, account, env);

  const settings = { ...SETTINGS, port: String(port), fsync: options.durable ? "on" : "off" };
  const child = spawn(binaries.postgres, ["-D", folder, ...toArguments(settings)], {
    ...account,
    env,
    cwd: "/",
    stdio: ["ignore", "ignore", "pipe"],
    // A Ctrl-C in the terminal goes to the whole process group; the database leaves last, when told.
    detached: true,
  });
  const log = collectLog(child);
  const exited = new Promise<string>((resolve) => {
    child.once("exit", () => resolve(log.lastLines()));
    child.once("error", (error) => resolve(error.message));
  });
  const pid = await waitUntilReady(child, log, port, exited);
  recordDataFolderOwner(folder);
  stopWhenThisProcessDies(pid, account, exited);

  const databaseUrl = (database: string) =>
    `postgresql://${LOCAL_CREDENTIALS.databaseUser}:${LOCAL_CREDENTIALS.databasePassword}@127.0.0.1:${port}/${database}`;
  await createDatabasesIfMissing(databaseUrl("postgres"), options.databases);
  return {
    name: "Postgres",
    url: databaseUrl(options.databases[0] ?? "postgres"),
    port,
    pid,
    databaseUrl,
    exited,
    close: () => stopPostgres(child, exited, binaries, folder, account),
  };
}

function toArguments(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

type ServerLog = { onLine(listener: (line: string) => void): void; lastLines(): string };

function collectLog(child: ChildProcess): ServerLog {
  const kept: string[] = [];
  const listeners: ((line: string) => void)[] = [];
  child.stderr?.setEncoding("utf8");
  child.stderr?.on("data", (chunk: string) => {
    for (const line of chunk.split("\n").filter((part) => part.trim() !== "")) {
      kept.push(line);
      if (kept.length > 20) kept.shift();
      for (const listener of listeners) listener(line);
    }
  });
  return { onLine: (listener) => listeners.push(listener), lastLines: () => kept.join("\n") };
}

/** Recovery after a crash is part of the wait: Postgres says "ready" only when it is through. */
async function waitUntilReady(
  child: ChildProcess,
  log: ServerLog,
  port: number,
  exited: Promise<string>,
): Promise<number> {
  const ready = new Promise<"ready">((resolve) => {
    log.onLine((line) => {
      if (line.includes("database system is ready to accept connections")) resolve("ready");
    });
  });
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(
      () => resolve(`not ready after ${START_TIMEOUT_MS / 1000} s\n${log.lastLines()}`),
      START_TIMEOUT_MS,
    );
  });
  const outcome = await Promise.race([ready, exited, timeout]);
  clearTimeout(timer);
  if (outcome === "ready" && child.pid !== undefined) return child.pid;
  child.kill("SIGKILL");
  if (outcome.includes("Address already in use")) throw portInUse(port);
  throw new LocalStartError(`Postgres did not start: ${outcome.split("\n").join(" | ")}`);
}

function portInUse(port: number): LocalStartError {
  return new LocalStartError(
    `Port ${port} for Postgres is in use: stop what uses it, or set LOCAL_POSTGRES_PORT to a free one.`,
  );
}

async function stopPostgres(
  child: ChildProcess,
  exited: Promise<string>,
  binaries: PostgresBinaries,
  folder: string,
  account: PostgresAccount,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === "win32") {
    // Windows knows no signals: only pg_ctl can ask for a clean stop.
    spawn(binaries.pgCtl, ["stop", "-D", folder, "-m", "fast"], { ...account, stdio: "ignore" });
  } else {
    child.kill("SIGINT");
  }
  const timer = setTimeout(() => child.kill("SIGQUIT"), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
