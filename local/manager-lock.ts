import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { LocalPorts } from "./ports";
import { identifyProcess } from "./process-identity";

/** Who runs the stand-ins on a data folder. `services` is empty while they start. */
export type Manager = {
  pid: number;
  identity: string | null;
  appUrl: string;
  ports: Omit<LocalPorts, "app">;
  services: { name: string; url: string }[];
};

export type ManagerLock = { update(manager: Partial<Manager>): void; release(): void };

const LOCK_FILE = "manager.json";

/** The process that runs the stand-ins on `dataDir`, or null if none is alive. */
export function findManager(dataDir: string): Manager | null {
  const manager = readManager(join(dataDir, LOCK_FILE));
  return manager !== null && isAlive(manager) ? manager : null;
}

/**
 * Takes the data folder for this process; null if another living process has it. Two managers on
 * one folder would fight for its database.
 */
export function acquireManagerLock(
  dataDir: string,
  details: Pick<Manager, "appUrl" | "ports">,
): ManagerLock | null {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, LOCK_FILE);
  const own = `${file}.${process.pid}`;
  let manager: Manager = {
    pid: process.pid,
    identity: identifyProcess(process.pid),
    services: [],
    ...details,
  };
  const write = (path: string) => writeFileSync(path, JSON.stringify(manager));

  for (let attempt = 0; attempt < 3; attempt++) {
    write(own);
    try {
      // Linking fails if the name exists: only one of several that try at once gets it.
      linkSync(own, file);
      rmSync(own);
      return {
        update(change) {
          manager = { ...manager, ...change };
          write(own);
          renameSync(own, file);
        },
        release() {
          if (readManager(file)?.pid === process.pid) rmSync(file, { force: true });
        },
      };
    } catch (error) {
      rmSync(own, { force: true });
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      if (findManager(dataDir) !== null) return null;
      rmSync(file, { force: true });
    }
  }
  return null;
}

function isAlive(manager: Manager): boolean {
  return manager.identity !== null && identifyProcess(manager.pid) === manager.identity;
}

function readManager(file: string): Manager | null {
  try {
    // The cast holds: only acquireManagerLock writes this file, and it never writes half of it.
    return JSON.parse(readFileSync(file, "utf8")) as Manager;
  } catch {
    return null;
  }
}
