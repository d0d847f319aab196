import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { findFreePort, isPortFree } from "@/local/free-port";
import type { LocalService } from "@/local/service";
import { LocalStartError } from "@/local/start-error";
import { stopWhenThisProcessDies } from "@/local/stop-when-this-process-dies";

import { createClusterIfMissing } from "./create-cluster";
import { createDatabasesIfMissing } from "./create-databases";
import { settleDataFolder } from "./data-folder";
import { recordDataFolderOwner, takeOverDataFolder } from "./data-folder-owner";
import { postgresAccount } from "./postgres-account";
import { preparePostgresBinaries } from "./postgres-binaries";
import { runServer, type ServerOutcome, type ServerProcess } from "./run-server";

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

/** How long the backends of a server that was killed may take to notice. */
const LEFTOVER_TIMEOUT_MS = 10_000;

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
  if (options.port !== 0 && !(await isPortFree(options.port))) throw portInUse(options.port);
  createClusterIfMissing(folder, binaries, account, env);

  const { server, port } = await runOnPort(options.port, (onPort) =>
    runServer({ folder, port: onPort, durable: options.durable, binaries, account, env }),
  );
  recordDataFolderOwner(folder);
  stopWhenThisProcessDies(server.pid, account, server.exited);

  const databaseUrl = (database: string) =>
    `postgresql://${LOCAL_CREDENTIALS.databaseUser}:${LOCAL_CREDENTIALS.databasePassword}@127.0.0.1:${port}/${database}`;
  try {
    await createDatabasesIfMissing(databaseUrl("postgres"), options.databases);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    name: "Postgres",
    url: databaseUrl(options.databases[0] ?? "postgres"),
    port,
    pid: server.pid,
    databaseUrl,
    exited: server.exited,
    close: server.stop,
  };
}

/** Tries again for what passes by itself: a free port just taken, backends of a killed server still ending. */
async function runOnPort(
  wanted: number,
  run: (port: number) => Promise<ServerOutcome>,
): Promise<{ server: ServerProcess; port: number }> {
  const deadline = Date.now() + LEFTOVER_TIMEOUT_MS;
  while (true) {
    const port = wanted === 0 ? await findFreePort() : wanted;
    const outcome = await run(port);
    if (outcome.ok) return { server: outcome.server, port };
    const isPortTaken = outcome.log.includes("Address already in use");
    if (isPortTaken && wanted !== 0) throw portInUse(port);
    const passes = isPortTaken || outcome.log.includes("shared memory block");
    if (!passes || Date.now() > deadline) {
      throw new LocalStartError(`Postgres did not start: ${outcome.log.split("\n").join(" | ")}`);
    }
    await sleep(200);
  }
}

function portInUse(port: number): LocalStartError {
  return new LocalStartError(
    `Port ${port} for Postgres is in use: stop what uses it, or set LOCAL_POSTGRES_PORT to a free one.`,
  );
}
