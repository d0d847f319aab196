import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { identifyProcess } from "@/local/process-identity";
import { LocalStartError } from "@/local/start-error";

const OWNER_FILE = "tollkeeper-owner.json";

type Owner = { pid: number; identity: string | null };

/** Writes down which process started the Postgres on `folder`, so that a later start can tell an orphan. */
export function recordDataFolderOwner(folder: string): void {
  const owner: Owner = { pid: process.pid, identity: identifyProcess(process.pid) };
  writeFileSync(join(folder, OWNER_FILE), JSON.stringify(owner));
}

/** No process has this number: it is beyond the largest that Linux, macOS or BSD give out. */
const NOBODYS_PID = 4_194_305;

/**
 * Makes sure nobody runs on `folder`. A Postgres left behind by a process that was killed is
 * stopped. After a crash the number in its pid file may belong to somebody else, and Postgres would
 * refuse to start: then the number is replaced. The file stays, because Postgres also finds in it
 * whether a backend of the crashed server still writes.
 *
 * @throws LocalStartError if the process that started the Postgres there is still alive.
 */
export async function takeOverDataFolder(folder: string): Promise<void> {
  const pidFile = join(folder, "postmaster.pid");
  if (!existsSync(pidFile)) return;
  const pid = Number.parseInt(readFileSync(pidFile, "utf8"), 10);
  if (isPostgresOn(folder, pid)) {
    const owner = readOwner(folder);
    if (owner !== null && owner.identity !== null && identifyProcess(owner.pid) === owner.identity) {
      throw new LocalStartError(
        `The Postgres data in ${folder} is in use by process ${owner.pid}: stop that first (Ctrl-C in its terminal, or "kill ${owner.pid}").`,
      );
    }
    await stopOrphan(pid, folder);
  }
  if (existsSync(pidFile) && identifyProcess(pid) !== null) {
    const [, ...rest] = readFileSync(pidFile, "utf8").split("\n");
    writeFileSync(pidFile, [NOBODYS_PID, ...rest].join("\n"));
  }
}

/** Only a process that is provably the Postgres of this folder is ever stopped. */
function isPostgresOn(folder: string, pid: number): boolean {
  if (identifyProcess(pid) === null) return false;
  try {
    if (process.platform === "linux") {
      // A postmaster's working directory is its data folder.
      return (
        readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("postgres") &&
        readlinkSync(`/proc/${pid}/cwd`) === folder
      );
    }
    if (process.platform === "win32") return false;
    const command = execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
    return command.includes("postgres") && command.includes(folder);
  } catch {
    return false;
  }
}

/** SIGINT is Postgres' fast shutdown, SIGQUIT its immediate one: the latter recovers from the log at the next start. */
async function stopOrphan(pid: number, folder: string): Promise<void> {
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    const deadline = Date.now() + 8000;
    while (Date.now() < deadline && isPostgresOn(folder, pid)) {
      process.kill(pid, signal);
      await sleep(50);
    }
  }
  if (isPostgresOn(folder, pid)) {
    throw new LocalStartError(`A Postgres left behind on ${folder} does not stop: run "kill -9 ${pid}".`);
  }
}

function readOwner(folder: string): Owner | null {
  try {
    // The cast holds: only recordDataFolderOwner writes this file.
    return JSON.parse(readFileSync(join(folder, OWNER_FILE), "utf8")) as Owner;
  } catch {
    return null;
  }
}
