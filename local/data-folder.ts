import { lstatSync, readlinkSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

import { findManager } from "./manager-lock";
import { LocalStartError } from "./start-error";

const SUBFOLDERS = ["postgres", "postgres.unfinished", "mail", "stripe"] as const;

/**
 * Where the stand-ins keep their data: `.local/<catalogue>`, since data seeded from one catalogue
 * makes no sense under another. LOCAL_DATA_DIR moves it, e.g. to a disk that can hold a database.
 */
export function readLocalDataDir(env: Record<string, string | undefined>): string {
  if (env.LOCAL_DATA_DIR) return resolve(env.LOCAL_DATA_DIR);
  const catalogue = env.CATALOGUE || "community";
  if (!/^[a-z0-9-]+$/.test(catalogue)) {
    throw new LocalStartError(`CATALOGUE must be the name of a file in catalogues/, not "${catalogue}".`);
  }
  return resolve(".local", catalogue);
}

/**
 * Deletes what the stand-ins keep in `dataDir`, and nothing else that may lie there.
 * @throws LocalStartError while stand-ins run on it
 */
export function resetLocalData(dataDir: string): void {
  const manager = findManager(dataDir);
  if (manager !== null) {
    throw new LocalStartError(
      `The stand-ins are running (process ${manager.pid}): stop them first (Ctrl-C in their terminal), then reset.`,
    );
  }
  for (const subfolder of SUBFOLDERS) {
    const path = join(dataDir, subfolder);
    // The database may lie elsewhere, with a link to it here.
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
      rmSync(readlinkSync(path), { recursive: true, force: true });
    }
    rmSync(path, { recursive: true, force: true });
  }
}
