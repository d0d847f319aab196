import { lstatSync } from "node:fs";
import { dirname } from "node:path";

/** The account Postgres runs as; null = the one that runs this process. */
export type PostgresAccount = { uid: number; gid: number } | null;

/** Postgres refuses to run as root. 65534 is "nobody" on every Linux and exists without being made. */
const NOBODY = { uid: 65534, gid: 65534 };

export function postgresAccount(): PostgresAccount {
  return process.getuid?.() === 0 ? NOBODY : null;
}

/**
 * The first folder above `path` that `account` may not enter, seen from the root; null if it can
 * reach `path`. Folders that do not exist yet are taken as made by us, open to everybody.
 */
export function findClosedFolder(path: string, account: PostgresAccount): string | null {
  if (account === null) return null;
  for (const folder of foldersAbove(path)) {
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    if (stat === undefined) return null;
    const mayEnter =
      stat.uid === account.uid
        ? stat.mode & 0o100
        : stat.gid === account.gid
          ? stat.mode & 0o010
          : stat.mode & 0o001;
    if (!mayEnter) return folder;
  }
  return null;
}

function foldersAbove(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [...foldersAbove(parent), parent];
}
